import { maskBits, type MaskBitName } from '../linemaps/index.js';

/** Why spaxels are in no bin: status bits per spaxel, 0 where nothing speaks against it. */
export interface SpaxelStatus {
  readonly bits: Int32Array;
  /** Enters a reason. */
  exclude(spaxel: number, reason: MaskBitName): void;
  /** 1 where there is a reason. */
  excluded(): Uint8Array;
}

export function createSpaxelStatus(count: number): SpaxelStatus {
  const bits = new Int32Array(count);
  return {
    bits,
    exclude(spaxel, reason) { bits[spaxel]! |= (1 << maskBits[reason]) | (1 << maskBits.DONOTUSE); },
    excluded: () => Uint8Array.from(bits, (own) => (own ? 1 : 0)),
  };
}

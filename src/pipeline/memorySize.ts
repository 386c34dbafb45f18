import { ZgradError } from '../errors/index.js';

const units: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, g: 1e9, t: 1e12 };

/** Less than the program itself takes: a slip, such as '3' for '3GB'. */
const least = 1e8;

/** Bytes of '3GB', '500 MB', '2.5G'. Throws BadArgument. */
export function parseMemory(text: string): number {
  const match = /^\s*([\d.]+)\s*([kmgt]?)i?b?\s*$/i.exec(text);
  const bytes = match ? Number(match[1]) * units[match[2]!.toLowerCase()]! : Number.NaN;
  if (bytes >= least) return bytes;
  throw new ZgradError('BadArgument', { where: '--memory', found: `'${text}'`, expected: 'a size such as 3GB, of 100 MB at least' });
}

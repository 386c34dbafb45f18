/**
 * Where a FITS file's bytes come from: a file, a browser's Blob, memory. `read` gives exactly `length` bytes from
 * `offset` or throws a tagged error; a range is read without loading the rest. A source may put the bytes into the
 * memory `into` (`length` bytes, the caller's to reuse), which spares a stream of large reads their page faults.
 */
export interface ByteSource {
  /** Name for messages: a file name. */
  readonly name: string;
  /** Size in bytes. */
  readonly size: number;
  read(offset: number, length: number, into?: Uint8Array): Promise<Uint8Array>;
  /**
   * `count` ranges of `length` bytes, the first at `offset`, each `stride` bytes after the one before, packed into `into` (count × length bytes): the rows of a
   * field in plane after plane. A source that has no quicker way leaves this out.
   */
  readStrided?(offset: number, stride: number, count: number, length: number, into: Uint8Array): Promise<void>;
}

/** As `readStrided`, of any source. */
export async function readStrided(source: ByteSource, offset: number, stride: number, count: number, length: number, into: Uint8Array): Promise<void> {
  const put = async (at: number, bytes: number, to: Uint8Array): Promise<void> => {
    const found = await source.read(at, bytes, to);
    if (found !== to) to.set(found);
  };
  if (stride === length) return put(offset, count * length, into);
  if (source.readStrided) return source.readStrided(offset, stride, count, length, into);
  for (let k = 0; k < count; k++) await put(offset + k * stride, length, into.subarray(k * length, (k + 1) * length));
}

/** Where a FITS file's bytes go; `bytes` may be reused when the promise has resolved. `patch` overwrites bytes already written (checksums, row counts). */
export interface ByteSink {
  write(bytes: Uint8Array): Promise<void>;
  patch(offset: number, bytes: Uint8Array): Promise<void>;
}

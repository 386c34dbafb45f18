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
}

/** Where a FITS file's bytes go; `bytes` may be reused when the promise has resolved. `patch` overwrites bytes already written (checksums, row counts). */
export interface ByteSink {
  write(bytes: Uint8Array): Promise<void>;
  patch(offset: number, bytes: Uint8Array): Promise<void>;
}

/**
 * Where a FITS file's bytes come from: a file, a browser's Blob, memory. `read` gives exactly `length` bytes from
 * `offset` or throws a tagged error; a range is read without loading the rest.
 */
export interface ByteSource {
  /** Name for messages: a file name. */
  readonly name: string;
  /** Size in bytes. */
  readonly size: number;
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** Where a FITS file's bytes go. `patch` overwrites bytes already written (checksums, row counts). */
export interface ByteSink {
  write(bytes: Uint8Array): Promise<void>;
  patch(offset: number, bytes: Uint8Array): Promise<void>;
}

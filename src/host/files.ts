import { createHash } from 'node:crypto';
import { constants, createReadStream, readSync } from 'node:fs';
import { access, mkdir, open, readFile, rename, rm, stat, writeFile, type FileHandle } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { ZgradError } from '../errors/index.js';
import { bytesSource, openFits, type ByteSink, type ByteSource, type Fits } from '../fits/index.js';

const inflate = promisify(gunzip);

function missing(path: string, cause: unknown): ZgradError {
  return new ZgradError('FileNotFound', {
    where: path, found: 'no readable file of this name', expected: 'an existing file', remedy: 'Check the path.', cause,
  });
}

function truncated(name: string, byte: number, more: number): ZgradError {
  return new ZgradError('BadFits', {
    where: `${name}, byte ${byte}`, found: 'the end of the file', expected: `${more} more bytes`, remedy: 'The file is truncated: copy it again.',
  });
}

/** Reads a whole file. Throws FileNotFound. */
async function readBytes(path: string): Promise<Uint8Array> {
  return readFile(path).catch((cause: unknown) => { throw missing(path, cause); });
}

/** Reads a text file (UTF-8). Throws FileNotFound. */
export async function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((cause: unknown) => { throw missing(path, cause); });
}

/** Opens a file for one use and closes it. Throws FileNotFound. */
async function withHandle<T>(path: string, use: (handle: FileHandle) => Promise<T>): Promise<T> {
  const handle = await open(path, 'r').catch((cause: unknown) => { throw missing(path, cause); });
  try {
    return await use(handle);
  } finally {
    await handle.close();
  }
}

/** The first bytes of a file, fewer when it is shorter. Throws FileNotFound. */
async function firstBytes(path: string, count: number): Promise<Uint8Array> {
  return withHandle(path, async (handle) => {
    const bytes = new Uint8Array(count);
    return bytes.subarray(0, (await handle.read(bytes, 0, count, 0)).bytesRead);
  });
}

const isGzip = (first: Uint8Array): boolean => first[0] === 0x1f && first[1] === 0x8b;

/** Whether a file is FITS, gzipped or not, told by its first bytes and not by its name. Throws FileNotFound. */
export async function isFitsFile(path: string): Promise<boolean> {
  const first = await firstBytes(path, 6);
  return isGzip(first) || String.fromCharCode(...first) === 'SIMPLE';
}

/**
 * A file as a source of byte ranges. A gzipped file (recognised by its first bytes, not by its name) is inflated into
 * memory once; any other is read range by range and never loaded whole. Throws FileNotFound, NotFits.
 */
export async function fileSource(path: string): Promise<ByteSource> {
  const name = basename(path);
  const { size } = await stat(path).catch((cause: unknown) => { throw missing(path, cause); });
  if (isGzip(await firstBytes(path, 2))) {
    const bytes = await inflate(await readBytes(path)).catch((cause: unknown) => {
      throw new ZgradError('NotFits', {
        where: path, found: 'a gzip stream that does not inflate', expected: 'a complete gzipped FITS file',
        remedy: 'The file may be truncated: copy it again.', cause,
      });
    });
    return bytesSource(bytes, name);
  }
  return {
    name,
    size,
    // A handle lives as long as one read: ranges are large, and nobody has to remember to close a source.
    read: (offset, length, into) => withHandle(path, async (handle) => {
      const bytes = into ?? new Uint8Array(length);
      let done = 0;
      while (done < length) {
        // One read call is limited to 2 GiB by the system.
        const { bytesRead } = await handle.read(bytes, done, Math.min(length - done, 1 << 30), offset + done);
        if (bytesRead === 0) throw truncated(name, offset + done, length - done);
        done += bytesRead;
      }
      return bytes;
    }),
    readStrided: (offset, stride, count, length, into) => withHandle(path, async ({ fd }) => {
      for (let k = 0; k < count; k++) {
        // Many small reads: each costs less than a turn of the event loop.
        for (let done = 0; done < length;) {
          const bytesRead = readSync(fd, into, k * length + done, length - done, offset + k * stride + done);
          if (bytesRead === 0) throw truncated(name, offset + k * stride + done, length - done);
          done += bytesRead;
        }
      }
    }),
  };
}

/** Opens a FITS file on disk (gzipped or not). Throws FileNotFound, NotFits, BadFits. */
export async function openFitsFile(path: string): Promise<Fits> {
  return openFits(await fileSource(path));
}

/** As `openFitsFile` for several, in their order, so that of several bad files it is always the first that is told. */
export async function openFitsFiles(paths: readonly string[]): Promise<Fits[]> {
  const opened: Fits[] = [];
  for (const path of paths) opened.push(await openFitsFile(path));
  return opened;
}

/** Writes a file in one step: its name appears only when it is complete. */
export async function writeAtomically(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await completed(path, () => writeFile(`${path}.part`, content));
}

/** As `writeAtomically`, a file that is never in memory as a whole. */
export async function writeStreamed(path: string, write: (sink: ByteSink) => Promise<unknown>): Promise<void> {
  await completed(path, async () => {
    const sink = await openSink(path);
    try {
      await write(sink);
    } finally {
      await sink.end();
    }
  });
}

/** Gives a file its name when the work has written it. */
async function completed(path: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    // On a full disk what is left of it is in the way; and the system does not say which file it was.
    await rm(`${path}.part`, { force: true });
    throw Object.assign(error as Error, { path });
  }
  await rename(`${path}.part`, path);
}

/** A file as a sink of bytes; `close` gives the file its name. */
export async function fileSink(path: string): Promise<ByteSink & { close(): Promise<void> }> {
  const { end, ...sink } = await openSink(path);
  return {
    ...sink,
    async close() {
      await end();
      await rename(`${path}.part`, path);
    },
  };
}

/** The sink of a file that has not got its name yet. */
async function openSink(path: string): Promise<ByteSink & { end(): Promise<void> }> {
  await mkdir(dirname(path), { recursive: true });
  const handle = await open(`${path}.part`, 'w');
  let position = 0;
  const put = async (bytes: Uint8Array, at: number): Promise<void> => {
    for (let done = 0; done < bytes.length;) {
      done += (await handle.write(bytes, done, Math.min(bytes.length - done, 1 << 30), at + done)).bytesWritten;
    }
  };
  return {
    async write(bytes) {
      await put(bytes, position);
      position += bytes.length;
    },
    patch: (offset, bytes) => put(bytes, offset),
    end: () => handle.close(),
  };
}

/** SHA-256 of a file, in hexadecimal. Throws FileNotFound. @param stop aborted: nobody waits for it any more */
export async function fileDigest(path: string, stop?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 22, ...(stop && { signal: stop }) })) hash.update(chunk as Uint8Array);
  } catch (cause) {
    throw missing(path, cause);
  }
  return hash.digest('hex');
}

/** Throws FileNotFound when there is no such file. */
export async function checkReadable(path: string): Promise<void> {
  await access(path, constants.R_OK).catch((cause: unknown) => { throw missing(path, cause); });
}

/** True when the path exists. */
export async function exists(path: string): Promise<boolean> {
  return access(path, constants.F_OK).then(() => true, () => false);
}

/** True when the path is a folder. */
export async function isFolder(path: string): Promise<boolean> {
  return stat(path).then((found) => found.isDirectory(), () => false);
}

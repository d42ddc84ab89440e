/**
 * An append-only log in a file: records of any object, each with its length and a checksum. A record that a killed process left half written is cut off when the log is read again; so is what follows it.
 *
 * Records go to the operating system one by one, so they survive the death of the process; they are not forced to the disk, so not a loss of power.
 */

import { createHash } from 'node:crypto';
import { closeSync, existsSync, ftruncateSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { deserialize, serialize } from 'node:v8';

export interface Log<T> {
  append(record: T): void;
  /** Bytes in the file. */
  readonly size: number;
  /** Only these records, from here on; the old file is there until the new one is whole. */
  rewrite(records: Iterable<T>): void;
  close(): void;
}

const head_bytes = 8;

/** @param take gets the records that are there, in their order */
export function open_log<T>(path: string, take: (record: T) => void): Log<T> {
  let size = existsSync(path) ? read_log(readFileSync(path), take) : 0;
  let file = openSync(path, 'a');
  ftruncateSync(file, size);
  return {
    append(record) {
      const bytes = frame(record);
      write_all(file, bytes);
      size += bytes.length;
    },
    get size() {
      return size;
    },
    rewrite(records) {
      const other = openSync(`${path}.new`, 'w');
      let written = 0;
      for (const record of records) {
        const bytes = frame(record);
        write_all(other, bytes);
        written += bytes.length;
      }
      renameSync(`${path}.new`, path);
      closeSync(file);
      [file, size] = [other, written];
    },
    close: () => closeSync(file),
  };
}

function frame(record: unknown): Buffer {
  const body = serialize(record);
  const bytes = Buffer.alloc(head_bytes + body.length);
  bytes.writeUInt32LE(body.length, 0);
  bytes.writeUInt32LE(sum_of(body), 4);
  body.copy(bytes, head_bytes);
  return bytes;
}

const sum_of = (body: Buffer) => createHash('sha1').update(body).digest().readUInt32LE(0);

function write_all(file: number, bytes: Buffer): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
}

/** @returns bytes of whole records */
function read_log<T>(bytes: Buffer, take: (record: T) => void): number {
  let at = 0;
  while (at + head_bytes <= bytes.length) {
    const end = at + head_bytes + bytes.readUInt32LE(at);
    if (end > bytes.length) break;
    const body = bytes.subarray(at + head_bytes, end);
    if (sum_of(body) !== bytes.readUInt32LE(at + 4)) break;
    take(deserialize(body) as T);
    at = end;
  }
  return at;
}

/**
 * The folder a run writes. Its place is made before the work starts, so that an unwritable path is said at once and not after two minutes; files appear in it only when all
 * of them are ready, so that a run that fails, or is ended by a signal, leaves no partial folder.
 */

import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { UserError } from '../model/user_error.ts';
import { GRADIENTS_FILE, LOG_DENSITY_FILE } from './density_files.ts';
import { MODEL_FILE, WEIGHTS_FILE } from './sde_checkpoint.ts';

/** What runs write. A later run into the same folder takes away what it does not replace, so that a folder holds one run. */
const run_files = [
  ...['summary.json', 'draws.csv', 'posterior.nc', 'states.csv', 'report.html'],
  ...[GRADIENTS_FILE, LOG_DENSITY_FILE, MODEL_FILE, WEIGHTS_FILE, 'example.csv'],
];

/** A file, whole or in pieces: text may be longer than one string can be. */
export type FileContent = string | Uint8Array | Iterable<string>;

export interface OutputFolder {
  /** As given; with a number added where another run made the same folder while this one worked. */
  readonly path: string;
  /** Writes all files, each whole or not at all. Names may have folders in them where the folder is new. */
  commit(files: Readonly<Record<string, FileContent>>): void;
  /** Removes what was prepared. Happens by itself when the process exits before `commit`. */
  discard(): void;
}

/** Throws UserError for a folder that holds something: what was written there earlier, and runs on it. */
export function new_folder(out: string): string {
  if (!existsSync(out)) return out;
  if (statSync(out).isDirectory() && readdirSync(out).length === 0) return out;
  throw new UserError(`--out ${out} is there already, and is not empty.\nGive a folder that does not exist yet.`);
}

export function prepare_output(path: string): OutputFolder {
  const target = resolve(path);
  const staging = join(dirname(target), `.${basename(target)}.${process.pid}`);
  try {
    if (existsSync(target)) {
      if (!statSync(target).isDirectory())
        throw new UserError(`--out ${path}: there is a file of that name.\nGive a folder that does not exist yet.`);
      if (readdirSync(target).length > 0 && !existsSync(join(target, 'summary.json'))) {
        throw new UserError(
          `--out ${path}: the folder holds other files.\nGive a new folder, or one of an earlier run.`,
        );
      }
    }
    const created = mkdirSync(dirname(target), { recursive: true });
    mkdirSync(staging);
    return folder(path, staging, created);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`--out ${path} cannot be written: ${reason(error)}.\nGive another folder.`);
  }
}

/** @param created the outermost folder that was made for this run, to be removed again if nothing comes of it */
function folder(given: string, staging: string, created: string | undefined): OutputFolder {
  const existed = existsSync(given);
  let path = given;
  const discard = () => {
    process.off('exit', discard);
    rmSync(staging, { recursive: true, force: true });
    if (created === undefined) return;
    for (let at = dirname(staging); within(at, created) && readdirSync(at).length === 0; at = dirname(at))
      rmdirSync(at);
  };
  process.once('exit', discard);
  return {
    get path() {
      return path;
    },
    commit(files) {
      for (const [name, content] of Object.entries(files)) write_file(join(staging, name), content);
      if (existed) {
        for (const name of run_files.filter((old) => !(old in files))) rmSync(join(path, name), { force: true });
        for (const name of Object.keys(files)) renameSync(join(staging, name), join(path, name));
        rmdirSync(staging);
      } else {
        for (let n = 2; existsSync(path); n++) path = `${given}-${n}`;
        renameSync(staging, path);
      }
      process.off('exit', discard);
    },
    discard,
  };
}

function write_file(path: string, content: FileContent) {
  mkdirSync(dirname(path), { recursive: true });
  if (typeof content === 'string' || content instanceof Uint8Array) {
    writeFileSync(path, content);
    return;
  }
  const file = openSync(path, 'w');
  try {
    for (const piece of content) writeFileSync(file, piece);
  } finally {
    closeSync(file);
  }
}

const within = (path: string, folder: string) => path === folder || path.startsWith(folder + sep);

export function reason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  const words: Record<string, string> = {
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    EROFS: 'the file system is read-only',
    ENOENT: 'no such file or folder',
    EISDIR: 'it is a folder',
    ENOTDIR: 'part of the path is not a folder',
    EEXIST: 'part of the path is not a folder',
    ENOSPC: 'no space left',
  };
  return (code && words[code]) ?? (error instanceof Error ? error.message : String(error));
}

/**
 * The folder a run writes. Its place is made before the work starts, so that an unwritable path is said at once and not after two minutes; files appear in it only when all
 * of them are ready, so that a run that fails leaves no partial folder.
 */

import { existsSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { UserError } from '../model/user_error.ts';

export interface OutputFolder {
  readonly path: string;
  /** Writes all files, each whole or not at all. */
  commit(files: Readonly<Record<string, string | Uint8Array>>): void;
  /** Removes what was prepared. */
  discard(): void;
}

export function prepare_output(path: string): OutputFolder {
  const staging = join(dirname(path), `.${basename(path)}.${process.pid}`);
  try {
    if (existsSync(path)) {
      if (!statSync(path).isDirectory())
        throw new UserError(`--out ${path}: there is a file of that name.\nGive a folder that does not exist yet.`);
      if (readdirSync(path).length > 0 && !existsSync(join(path, 'summary.json'))) {
        throw new UserError(
          `--out ${path}: the folder holds other files.\nGive a new folder, or one of an earlier run.`,
        );
      }
    }
    const first = mkdirSync(dirname(path), { recursive: true });
    mkdirSync(staging);
    return folder(path, staging, first);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`--out ${path} cannot be written: ${reason(error)}.\nGive another folder.`);
  }
}

/** @param created the outermost folder that was made for this run, to be removed again if nothing comes of it */
function folder(path: string, staging: string, created: string | undefined): OutputFolder {
  return {
    path,
    commit(files) {
      for (const [name, content] of Object.entries(files)) writeFileSync(join(staging, name), content);
      if (!existsSync(path)) {
        renameSync(staging, path);
        return;
      }
      for (const name of Object.keys(files)) renameSync(join(staging, name), join(path, name));
      rmdirSync(staging);
    },
    discard() {
      rmSync(staging, { recursive: true, force: true });
      if (created === undefined) return;
      for (let at = dirname(path); at.startsWith(created) && readdirSync(at).length === 0; at = dirname(at))
        rmdirSync(at);
    },
  };
}

export function reason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  const words: Record<string, string> = {
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    EROFS: 'the file system is read-only',
    ENOENT: 'no such file or folder',
    EISDIR: 'it is a folder',
    ENOTDIR: 'part of the path is not a folder',
    ENOSPC: 'no space left',
  };
  return (code && words[code]) ?? (error instanceof Error ? error.message : String(error));
}

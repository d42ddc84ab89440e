/** What went wrong when a user's JavaScript or TypeScript was imported, with its line. */

import { spawnSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { UserError } from '../model/user_error.ts';

/** @param path as the user wrote it @param file the same, absolute @param error what `import` threw */
export function module_error(path: string, file: string, error: unknown): UserError {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const line = line_of(file, stack) ?? (error instanceof SyntaxError ? syntax_line(file) : undefined);
  return new UserError(`${path}${line === undefined ? '' : `:${line}`}: the module failed: ${message_of(error)}`);
}

/** Where a text first names a line of the file. */
function line_of(file: string, text: string): string | undefined {
  for (const name of [pathToFileURL(file).href, file]) {
    const at = text.indexOf(`${name}:`);
    const line = at < 0 ? undefined : /^\d+/.exec(text.slice(at + name.length + 1));
    if (line) return line[0];
  }
  return undefined;
}

/** The engine tells the line of a syntax error only to a process that it ends. */
function syntax_line(file: string): string | undefined {
  const check = spawnSync(process.execPath, ['--check', file], { encoding: 'utf8', timeout: 20_000 });
  return line_of(file, check.stderr ?? '');
}

function message_of(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // esbuild, which strips the types on older Nodes, puts its messages below a headline.
  const transform = /: ERROR: (.*)/.exec(error.message);
  if (transform) return `SyntaxError: ${transform[1]}`;
  return `${error.name}: ${error.message}`.split('\n', 1)[0] as string;
}

/** Where the broker of a folder listens, and whether it does. */

import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { connect, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** Paths of sockets have little room (104 bytes on some systems), so a long one is in the folder for temporary files, by a name that the folder decides. */
export function socket_of(folder: string): string {
  const whole = resolve(folder);
  const name = createHash('sha1').update(whole).digest('hex').slice(0, 16);
  if (process.platform === 'win32') return `\\\\.\\pipe\\langevin-${name}`;
  const inside = join(whole, 'socket');
  return inside.length < 100 ? inside : join(tmpdir(), `langevin-${name}`);
}

export const is_served = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(path);
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.on('connect', () => end(true));
    socket.on('error', () => end(false));
  });

/** A socket that a killed process left is taken away. */
export async function listen(server: Server, path: string): Promise<void> {
  if (process.platform !== 'win32') rmSync(path, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.on('error', reject);
    server.listen(path, resolve);
  });
}

// A NATS server of our own for tests, where the program is installed (Debian: nats-server). Without it they are skipped, visibly.

import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sleep } from '../../src/engine/sleep.ts';
import { type ChildServer, start_child_server } from './child_server.ts';

const program = ['nats-server', '/usr/sbin/nats-server'].find((name) => spawnSync(name, ['--version']).status === 0);

/** Why the tests of NATS are skipped; undefined: they run. */
export const without_nats = program === undefined ? 'nats-server is not installed' : undefined;

export type NatsServer = ChildServer & { readonly url: string };

/** @param args beside the address; `jetstream: false` for a server that keeps nothing */
export async function start_nats(args: readonly string[] = [], { jetstream = true } = {}): Promise<NatsServer> {
  const folder = mkdtempSync(join(tmpdir(), 'langevin-nats-'));
  const port = await free_port();
  const words = ['-a', '127.0.0.1', '-p', String(port), ...(jetstream ? ['-js', '-sd', folder] : []), ...args];
  const server = await start_child_server(folder, async () => {
    const child = spawn(program as string, words, { stdio: 'ignore' });
    // It reads its streams first, which may take a while on a busy machine.
    for (let n = 0; n < 2000; n++) {
      if (await answers(port)) return child;
      await sleep(25);
    }
    throw new Error('nats-server does not answer');
  });
  return { ...server, url: `nats://127.0.0.1:${port}` };
}

const free_port = () =>
  new Promise<number>((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

const answers = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.on('data', () => end(true));
    socket.on('error', () => end(false));
  });

// A NATS server of our own for tests, where the program is installed (Debian: nats-server). Without it they are skipped, visibly.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const program = ['nats-server', '/usr/sbin/nats-server'].find((name) => spawnSync(name, ['--version']).status === 0);

/** Why the tests of NATS are skipped; undefined: they run. */
export const without_nats = program === undefined ? 'nats-server is not installed' : undefined;

export interface NatsServer {
  readonly url: string;
  /** The folder of its streams. */
  readonly folder: string;
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Again, at the same address and with the same folder. */
  start(): Promise<void>;
  end(): Promise<void>;
}

/** @param args beside the address; `jetstream: false` for a server that keeps nothing */
export async function start_nats(args: readonly string[] = [], { jetstream = true } = {}): Promise<NatsServer> {
  const folder = mkdtempSync(join(tmpdir(), 'langevin-nats-'));
  const port = await free_port();
  let child: ChildProcess | undefined;
  const start = async () => {
    child = spawn(
      program as string,
      ['-a', '127.0.0.1', '-p', String(port), ...(jetstream ? ['-js', '-sd', folder] : []), ...args],
      {
        stdio: 'ignore',
      },
    );
    // It reads its streams first, which may take a while on a busy machine.
    for (let n = 0; n < 2000; n++) {
      if (await answers(port)) return;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error('nats-server does not answer');
  };
  const kill = async (signal: NodeJS.Signals) => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  };
  await start();
  return {
    url: `nats://127.0.0.1:${port}`,
    folder,
    kill,
    start,
    async end() {
      await kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
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

/** A server that tests kill and start again in the same folder. */

import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';

export interface ChildServer {
  /** What it keeps between its lives. */
  readonly folder: string;
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Again, at the same address and with the same folder. */
  start(): Promise<void>;
  end(): Promise<void>;
}

/** @param launch resolves when it answers */
export async function start_child_server(folder: string, launch: () => Promise<ChildProcess>): Promise<ChildServer> {
  let child = await launch();
  const kill = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  };
  return {
    folder,
    kill,
    async start() {
      child = await launch();
    },
    async end() {
      await kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

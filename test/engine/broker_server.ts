// A broker process of the embedded engine, which tests kill and start again, as nats_server.ts does for NATS.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('./broker_process.ts', import.meta.url));

export async function start_broker_process() {
  const folder = mkdtempSync(join(tmpdir(), 'langevin-broker-'));
  let child: ChildProcess | undefined;
  const start = async () => {
    const started = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), program, folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    child = started;
    await once(started.stdout, 'data');
  };
  const kill = async (signal: NodeJS.Signals) => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  };
  await start();
  return {
    folder,
    kill,
    start,
    async end() {
      await kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

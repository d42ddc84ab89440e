// A broker process of the embedded engine, which tests kill and start again, as nats_server.ts does for NATS.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { start_child_server } from './child_server.ts';

const program = fileURLToPath(new URL('./broker_process.ts', import.meta.url));

export function start_broker_process() {
  const folder = mkdtempSync(join(tmpdir(), 'langevin-broker-'));
  return start_child_server(folder, async () => {
    const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), program, folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    return child;
  });
}

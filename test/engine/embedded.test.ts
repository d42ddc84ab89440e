import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ServedBroker, start_broker } from '../../src/node/engine/embedded/broker.ts';
import { connect_embedded } from '../../src/node/engine/embedded/client.ts';
import { start_broker_process } from './broker_server.ts';
import { conforms } from './conformance.ts';
import { survives } from './outages.ts';

const folder = mkdtempSync(join(tmpdir(), 'langevin-engine-'));
const hold = 600;

describe('embedded', () => {
  let broker: ServedBroker;
  beforeAll(async () => {
    broker = await start_broker(folder);
  });
  afterAll(async () => {
    await broker.close();
    rmSync(folder, { recursive: true });
  });

  conforms(async () => connect_embedded({ folder, hold }), hold);

  it('a folder has one broker', async () => {
    await expect(start_broker(folder)).rejects.toThrow('another process serves');
  });
});

describe('embedded, its broker killed', () => {
  survives(start_broker_process, async (server) => connect_embedded({ folder: server.folder }));
});

// A client, a lease and a patient engine where the broker is away, or this process was: nothing waits for ever, and nothing is given up that is there.

import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { take_lease } from '../../src/engine/lease.ts';
import { patient } from '../../src/engine/patient.ts';
import { sleep } from '../../src/engine/sleep.ts';
import { type Engine, type Store, Unreachable } from '../../src/engine/types.ts';
import { start_broker } from '../../src/node/engine/embedded/broker.ts';
import { connect_embedded } from '../../src/node/engine/embedded/client.ts';
import { listen, socket_of } from '../../src/node/engine/embedded/socket.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'langevin-away-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('a broker that hears the first word and dies before it answers is one that is away, and the next call finds the next broker', async () => {
  const dying = createServer((socket: Socket) => socket.on('data', () => socket.end()));
  await listen(dying, socket_of(folder));
  const engine = connect_embedded({ folder });
  await expect(engine.store.get('x')).rejects.toThrow(Unreachable);
  await new Promise((resolve) => dying.close(resolve));
  const broker = await start_broker(folder);
  expect(await engine.store.get('x')).toBeUndefined();
  await engine.close();
  await broker.close();
});

it('patience begins with the first refusal: a question that was on its way while its process was stopped is asked again', async () => {
  const broker = await start_broker(folder);
  const engine = connect_embedded({ folder });
  const patience = 300;
  let is_first = true;
  const put: Store['put'] = async (...args) => {
    if (args[0] !== 'x' || !is_first) return engine.store.put(...args);
    is_first = false;
    // As long as a process was stopped; when it wakes, its connection is gone and the broker is there.
    await sleep(2 * patience);
    throw new Unreachable('the connection was closed');
  };
  const waiting = await patient({ ...engine, store: { ...engine.store, put } }, { patience });
  expect(await waiting.store.put('x', new Uint8Array([1]))).toBeGreaterThan(0);
  await engine.close();
  await broker.close();
});

it('a lease whose broker went away and stays away is let go within the patience of one question', async () => {
  const broker = await start_broker(folder);
  const engine: Engine = connect_embedded({ folder });
  const patience = 1500;
  const waiting = await patient(engine, { patience });
  // Six beats are due before one is given up.
  const lease = await take_lease(waiting.store, 'seat', { holder: 'me', length: 1000 });
  await broker.close();
  await expect(waiting.store.get('x')).rejects.toThrow(Unreachable);
  const started = performance.now();
  await lease?.release();
  // One that is on its way may be waited for; the slack is that of a busy machine.
  expect(performance.now() - started).toBeLessThan(patience + 1500);
  await engine.close();
});

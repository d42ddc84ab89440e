// A name is for one set of shards: what jobs under it must not be mixed with, and that it is not waited for in vain.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine } from '../../src/engine/types.ts';
import { UserError } from '../../src/model/user_error.ts';
import { type ServedBroker, start_broker } from '../../src/node/engine/embedded/broker.ts';
import { connect_embedded } from '../../src/node/engine/embedded/client.ts';
import { begin_shards, do_shard, forget_shards, result_of, submit_shard } from '../../src/node/jobs/shard_job.ts';

const folder = mkdtempSync(join(tmpdir(), 'langevin-names-'));
let broker: ServedBroker;
let engine: Engine;
beforeAll(async () => {
  broker = await start_broker(folder);
  engine = connect_embedded({ folder });
});
afterAll(async () => {
  await engine.close();
  await broker.close();
  rmSync(folder, { recursive: true });
});

it('the same shards go on, others are refused, and a name that has ended is not used again', async () => {
  await begin_shards(engine.store, 'a', 'sum');
  await begin_shards(engine.store, 'a', 'sum');
  const other = begin_shards(engine.store, 'a', 'other');
  await expect(other).rejects.toThrow('The job a was begun with another model, other data or other options.');
  await expect(other).rejects.toBeInstanceOf(UserError);
  await forget_shards(engine.store, 'a');
  await expect(begin_shards(engine.store, 'a', 'sum')).rejects.toThrow('The job a has ended already.');
});

it('a shard that nobody waits for is not sampled', async () => {
  await submit_shard(engine, { run: 'b', shard: 1, words: ['line.mjs'] }, 'x,y\n1,2\n');
  await forget_shards(engine.store, 'b');
  const claim = await engine.jobs.claim(1000);
  if (!claim) throw new Error('no job');
  const open_device = () => Promise.reject(new Error('no device is needed'));
  await do_shard(engine, claim, { signal: new AbortController().signal, open_device });
  expect(await result_of(engine.store, 'b', 1)).toBeUndefined();
  expect(await engine.jobs.claim(100)).toBeUndefined();
});

// A rank that wakes in the middle of storing writes what its successor has written too, with another tick. It must be nobody's: which draws count follows from the board, that is written by version.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { put_blob } from '../../src/engine/blobs.ts';
import type { LogDensityModel } from '../../src/model/types.ts';
import { start_broker } from '../../src/node/engine/embedded/broker.ts';
import { connect_embedded } from '../../src/node/engine/embedded/client.ts';
import { pack_payload, unpack_payload } from '../../src/node/population/payload.ts';
import { empty_board } from '../../src/population/exchange/board.ts';
import { gather_draws } from '../../src/population/gather.ts';
import { pack_draws } from '../../src/population/segment_draws.ts';
import { keys, type PopulationSpec } from '../../src/population/spec.ts';
import { quiet } from './processes.ts';

const model_file = fileURLToPath(new URL('./models/pair.mjs', import.meta.url));

it('the draws of a segment are those of who finished it, whoever stored last', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'langevin-gather-'));
  const broker = await start_broker(folder);
  const { store, close } = connect_embedded({ folder });
  // One particle a half; segments 0 and 1 belong to the first holder, 2 and 3 to the second, that of epoch 3: another took the seat between them and finished nothing.
  const spec: PopulationSpec = { ...quiet, id: 'woken', ranks: 1, particles: 2, warm_up: 0, segments: 4 };
  const board = empty_board(1, 2, false);
  board.seats[0] = {
    ...{ epoch: 3, segments: 4, heads: [] as [], given: [0, 0] as [number, number] },
    eras: [
      [0, 1],
      [2, 2],
      [2, 3],
    ],
  };
  const stored = async (segment: number, epoch: number) => {
    const value = 10 * segment + epoch;
    const draws = pack_draws(new Float32Array([value, -value]), { tick: segment, places: [0] });
    await put_blob(store, keys(spec.id).draws(0, segment, epoch), draws);
  };
  for (const [segment, epoch] of [
    [0, 1],
    [1, 1],
    [2, 3],
    [3, 3],
    // The stopped ones wake.
    [2, 1],
    [2, 2],
  ] as const)
    await stored(segment, epoch);
  const payload = await pack_payload(model_file, [], { count: 0, values: new Float32Array(0), columns: [] });
  const { parameters } = await gather_draws(store, spec, {
    board,
    model: unpack_payload(payload).model as LogDensityModel,
  });
  // Segments 0 and 2 move the first particle, 1 and 3 the second.
  expect(parameters.get('x')?.map((chain) => [...chain])).toEqual([
    [1, 23],
    [11, 33],
  ]);
  await close();
  await broker.close();
  rmSync(folder, { recursive: true });
});

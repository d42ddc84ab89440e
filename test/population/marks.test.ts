// A rank that stands still for long is met by the same fast rank again and again, and the names of what it is given come again: it must see that the states are others. Equality.

import { expect, it } from 'vitest';
import type { BoardStore } from '../../src/population/board_store.ts';
import { empty_board, mark_of } from '../../src/population/exchange/board.ts';
import { meet_all } from '../../src/population/exchange/exchanges.ts';
import type { Head } from '../../src/population/head.ts';
import type { PopulationSpec } from '../../src/population/spec.ts';

const spec: PopulationSpec = {
  ...{
    id: 'x',
    seed: 1,
    ranks: 2,
    particles: 8,
    method: 'mala',
    batch: 0,
    segment_steps: 1,
    warm_up: 0,
    segments: 100,
  },
  ...{ thinning: 1, exchange: 'permute', betas: [], energy_rows: 0, friction: 0.1, known_noise: 0, learn_metric: true },
  ...{ budget: 0.05, decay: 0, decay_scale: 1, delay: 0, prior_power: 1 },
};

const head_of = (value: number): Head => {
  const none = new Float32Array(4);
  return { states: new Float32Array(12).fill(value), log_prior: none, log_likelihood: none, variance: none };
};

it('what was given is told from what was given before under the same name', async () => {
  const heads = new Map<string, Head>([['standing', head_of(-1)]]);
  const boards = {
    head: async (name: string) => heads.get(name),
    put_head: async (name: string, head: Head) => void heads.set(name, head),
  } as unknown as BoardStore;
  const board = empty_board(2, 8, false);
  const [fast, slow] = board.seats as [(typeof board.seats)[number], (typeof board.seats)[number]];
  Object.assign(slow, { segments: 1, offered: 0, heads: ['standing'] });
  const seen: { name: string; mark: string }[] = [];
  for (let segments = 1; segments <= 17; segments += 2) {
    Object.assign(fast, { segments, heads: ['own'] });
    const arrival = { rank: 0, epoch: 1, segments, half: 0 as const, head: head_of(segments) };
    expect(await meet_all(board, arrival, { spec, key: [1, 2], boards })).toBe(true);
    seen.push({ name: slow.heads[0] as string, mark: mark_of(slow, 0) as string });
  }
  // Names come again after eight segments.
  expect(seen[4]?.name).toBe(seen[0]?.name);
  expect(new Set(seen.map(({ mark }) => mark)).size).toBe(seen.length);
});

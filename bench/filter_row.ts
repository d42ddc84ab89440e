/** Times a filter bank, on one shape or on all of them, and makes its row. */

import type { FilterBank, Shape } from '../src/filter/bank.ts';
import type { StateSpaceModel } from '../src/model/types.ts';
import { type BankWork, open_bank } from './bank_work.ts';
import { bound_of, particle_step } from './bounds.ts';
import { measure, repeats } from './measure.ts';
import type { GradientKind } from './peers/types.ts';
import type { Row } from './record.ts';
import type { Context } from './subject.ts';

/** The shapes for many filters at once; the grid is for one large one. */
export const bank_shapes: readonly Shape[] = ['lane', 'workgroup'];

const gradient_words = { none: 'value', 'fixed-ancestor': 'gradient', carried: 'carried gradient' } as const;

export interface TimedBank {
  bank: FilterBank;
  model: StateSpaceModel;
  gradient: GradientKind;
  /** All filters read one buffer of normals. */
  shared_noise: boolean;
}

/** Evaluates all its filters over all steps. */
export async function time_bank(context: Context, timed: TimedBank): Promise<Row> {
  const { device, limits, quick } = context;
  const { bank, model, shared_noise } = timed;
  const { capacity: filters, particles, steps, tangents } = bank;
  const measured = await measure(device, repeats(quick), () => bank.evaluate(filters));
  const count = filters * particles * steps;
  const cost = particle_step({ model, shape: bank.shape, tangents, shared_noise });
  return {
    label: `${model.name}, ${gradient_words[timed.gradient]}${shared_noise ? ', shared noise' : ''}`,
    shape: bank.shape,
    sizes: { filters, particles, steps, tangents },
    work: { count, unit: 'particle-steps' },
    ...measured,
    rate: count / (measured.wall.median / 1000),
    ...(cost ? { bound: bound_of(cost, count, limits, (measured.gpu ?? measured.wall).median) } : {}),
    peers: [],
  };
}

/** @param shape default: the bank's own choice for this adapter */
export async function time_work(context: Context, work: BankWork, shape?: Shape): Promise<Row> {
  const bank = await open_bank(context.device, work, shape);
  try {
    return await time_bank(context, { ...work, bank, shared_noise: false });
  } finally {
    bank.destroy();
  }
}

/** One row per shape, the fastest marked. */
export async function time_shapes(context: Context, work: BankWork, shapes: readonly Shape[]): Promise<Row[]> {
  const rows: Row[] = [];
  for (const shape of shapes) rows.push(await time_work(context, work, shape));
  const best = fastest(rows);
  return rows.map((row) => ({ ...row, best: row === best }));
}

export const fastest = (rows: readonly Row[]): Row => rows.reduce((a, b) => (b.wall.median < a.wall.median ? b : a));

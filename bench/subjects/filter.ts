/**
 * The filter bank: value only and with the gradient by all parameters, every shape, two models. The work is what SMC² does in one iteration: every filter at its own parameters with
 * its own noise. Then, where other tools are here, the same filter on both sides: one buffer of noise, the same parameters, rows and resampling bits.
 */

import type { Shape } from '../../src/filter/bank.ts';
import { built_in_model } from '../../src/model/resolve.ts';
import { work_of } from '../bank_work.ts';
import { bank_shapes, fastest, time_bank, time_shapes } from '../filter_row.ts';
import { find_leak } from '../leak.ts';
import { make_problem } from '../peers/make_problem.ts';
import { create_problem_bank } from '../peers/ours.ts';
import type { FilterValues } from '../peers/types.ts';
import type { Row } from '../record.ts';
import type { Context, Subject } from '../subject.ts';

interface Size {
  filters: number;
  particles: number;
  steps: number;
}
const small: Size = { filters: 64, particles: 256, steps: 100 };
const medium: Size = { filters: 256, particles: 1024, steps: 100 };
const large: Size = { filters: 1024, particles: 1024, steps: 100 };

/** Seconds that one evaluation may take; beyond it a size is left out, with a line that says so. */
const longest = { hardware: 40, software: 10 };

export const filter: Subject = {
  name: 'filter',
  what: 'filter bank: value and gradient, every shape, LGSSM and SIR; other tools beside it',
  async run(context) {
    for (const model of ['lgssm', 'sir'] as const) {
      for (const gradient of ['none', 'fixed-ancestor'] as const) {
        await own_rows(context, model, gradient);
        await compare(context, model, gradient);
      }
    }
    await find_leak(context, { model: 'lgssm', ...small, gradient: 'carried' });
  },
};

type ModelName = 'lgssm' | 'sir';
type Mode = 'none' | 'fixed-ancestor';

async function own_rows(context: Context, model: ModelName, gradient: Mode) {
  const { device, quick } = context;
  const hardware = device.adapter.kind === 'hardware';
  const sizes = hardware ? [small, medium, large] : quick ? [small] : [small, medium, large];
  let before: Row | undefined;
  for (const size of sizes) {
    const seconds = before ? (size.filters * size.particles * size.steps) / before.rate : 0;
    if (seconds > longest[device.adapter.kind]) {
      const kind = gradient === 'none' ? 'value' : 'gradient';
      context.skip(
        `${model}, ${kind}, ${size.filters} × ${size.particles} × ${size.steps}`,
        `about ${seconds.toFixed(0)} s for one evaluation`,
      );
      continue;
    }
    // On a software adapter the largest size costs minutes per shape, and medium has told which is faster.
    const shapes = size === large && !hardware && before?.shape ? [before.shape] : bank_shapes;
    const rows = await time_shapes(context, work_of({ model, ...size, gradient }), shapes);
    for (const row of rows) context.report(row);
    before = fastest(rows);
  }
}

/** The same problem on both sides. Every shape of ours is timed; the others stand beside the fastest, whose answers they are compared with. */
async function compare(context: Context, name: ModelName, gradient: Mode) {
  const { device, quick, peers } = context;
  if (!peers) return;
  const hardware = device.adapter.kind === 'hardware';
  for (const size of hardware ? [medium, large] : [quick ? small : medium]) {
    const problem = make_problem({ model: name, ...size, gradient });
    const timed = { model: built_in_model(name), gradient, shared_noise: true };
    const time_side = async (shape: Shape) => {
      const own = await create_problem_bank(device, problem, { shape });
      try {
        const row = await time_bank(context, { ...timed, bank: own.bank });
        return { shape, row, ours: await own.read() };
      } finally {
        own.destroy();
      }
    };
    const sides: { shape: Shape; row: Row; ours: FilterValues }[] = [];
    for (const shape of bank_shapes) sides.push(await time_side(shape));
    const best = fastest(sides.map(({ row }) => row));
    for (const { shape, row, ours } of sides) {
      if (row !== best) {
        context.report({ ...row, best: false });
        continue;
      }
      const time_again = async () => (await time_side(shape)).row.wall;
      const beside = await peers.filter({ device, shape, problem, ours, wall: row.wall, time_again, quick });
      context.report({ ...row, best: true, ...beside });
    }
  }
}

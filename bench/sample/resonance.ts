/** HMC of one fixed length, which some lengths bring to a halt: a trajectory of about half a turn carries every draw to its mirror image. Why `hmc` jitters its lengths. */

import { fixed_length } from '../../src/sample/trajectory.ts';
import type { Context } from '../subject.ts';
import type { Frozen } from './frozen.ts';
import { hmc_transition } from './law.ts';
import { compare, published } from './published.ts';
import { row_of } from './row.ts';
import type { SampleTarget } from './target.ts';

/** Smallest ESS of θ per gradient at the published step with the unit metric, by an implementation apart from this one (20 chains, Geyer's estimator). */
const reference = [
  { steps: 4, theta: 0.0821 },
  { steps: 6, theta: 0.0154 },
  { steps: 8, theta: 0.0009 },
  { steps: 10, theta: 0.0011 },
] as const;

/** Half of what independent chains of L = 4 give is far from what L = 8 leaves: a collapse by this factor at least. */
const collapse = 10;

/** @param frozen with the unit metric */
export async function show_resonance(context: Context, target: SampleTarget, frozen: Frozen, draws: number) {
  const { step } = published.unit;
  const found: number[] = [];
  for (const { steps, theta } of reference) {
    const run = await frozen.record(hmc_transition(step, fixed_length(steps)), draws);
    const label = `${target.name}: hmc, unit metric, step ${step}, always ${steps} steps`;
    const row = row_of(label, run, target.is_published ? `elsewhere: θ ${theta} per gradient` : undefined);
    context.report(row);
    found.push(row.sampling.ess.theta / run.evaluations.sampling);
  }
  const [four = 0, , eight = 0] = found;
  if (target.is_published) {
    compare(
      context,
      `${target.name}: hmc, unit metric, step ${step}, always 4 steps: ESS of θ per gradient, smallest`,
      { value: four },
      reference[0].theta,
      'an implementation apart',
    );
  }
  context.find({
    label: `${target.name}: resonance: ESS of θ per gradient, always 4 steps over always 8`,
    value: four / eight,
    ...(target.is_published && !context.quick ? { wanted: `at least ${collapse}`, met: four / eight >= collapse } : {}),
  });
}

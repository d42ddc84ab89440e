/** What was learned as numbers that a person reads: diffusion, noise, parameters of a person's own drift; in the data's units. */

import { is_own } from '../problem.ts';
import type { LearnedSde } from './learned.ts';

export interface Estimates {
  /** [knot][component] D: median, and sd of log D under q, 0 where D is known. */
  diffusion: { median: number; log_sd: number }[][];
  /** [channel] sd of the noise, scale for Student's t; empty for likelihoods without. */
  noise: number[];
  /** Of a person's own drift, by name. */
  parameters: Record<string, number>;
}

/** Components beyond the channels, and all where the decoder is learned, are in units of their own, and only their time is the data's. */
export function estimates_of({ model, layout, units, weights }: LearnedSde): Estimates {
  const { latent, observed, diffusion_knots: knots, likelihood, drift } = model;
  const { drift: drift_part, decoder } = layout.parts;
  const own = units_of_components({ model, units });
  const number = (at: number) => weights[at] as number;
  const range = (count: number) => Array.from({ length: count }, (_, i) => i);
  const knot_of = (knot: number) =>
    range(latent).map((d) => {
      const at = drift_part.free_first + knot * latent + d;
      const log_sd = model.learns.diffusion ? Math.exp(number(at + knots * latent)) : 0;
      return { median: (Math.exp(number(at)) * (own.sd[d] as number) ** 2) / units.time, log_sd };
    });
  const has_noise = likelihood === 'gaussian' || likelihood === 'student_t';
  return {
    diffusion: range(knots).map(knot_of),
    noise: has_noise
      ? range(observed).map((c) => Math.exp(0.5 * number(decoder.free_first + c)) * (units.sd[c] as number))
      : [],
    parameters: is_own(drift)
      ? Object.fromEntries(
          drift.parameters.map(({ name }, i) => [name, number(drift_part.free_first + 2 * knots * latent + i)]),
        )
      : {},
  };
}

/** [component] what a component's 0 and 1 are in the data. */
export function units_of_components({ model, units }: Pick<LearnedSde, 'model' | 'units'>): {
  mean: number[];
  sd: number[];
} {
  const is_channel = (d: number) => model.decoder === 'identity' && d < model.observed;
  const of = (values: Float64Array, other: number) =>
    Array.from({ length: model.latent }, (_, d) => (is_channel(d) ? (values[d] as number) : other));
  return { mean: of(units.mean, 0), sd: of(units.sd, 1) };
}

/** The bound of a latent SDE in float64, for given draws: what shaders/sde estimates in one step, one net, one window. Clear, not fast. */

import type { OwnDriftUnits } from '../../src/sde/own_drift.ts';
import {
  channels_of,
  diffusion_count,
  interpolation_count,
  is_exact,
  is_own,
  type SdeLayout,
  type SdeModel,
} from '../../src/sde/problem.ts';
import type { Tables } from '../../src/sde/series.ts';
import type { Terms } from '../../src/sde/trainer.ts';
import { kernel_slopes } from './deep_kernel.ts';
import { mlp_value } from './mlp.ts';

/** What was drawn for one sample. */
export interface Draw {
  weight: number;
  u: number;
  interval: number;
  eps: number[];
}

export interface Draws {
  path: Draw[];
  /** [path sample][knot · latent + d] standard normals behind log D. */
  diffusion: number[][];
  /** [observation · repeats + repeat] */
  observations: Draw[];
  repeats: number;
}

export interface Moments {
  m: number[];
  dm: number[];
  l: number[];
  dl: number[];
  omega: number[];
}

export interface BoundOptions {
  model: SdeModel;
  layout: SdeLayout;
  tables: Tables;
  window: number;
  diffusion: { mean: number; sd: number };
  /** Of a model with a person's own drift. */
  own?: { units: OwnDriftUnits; drift(z: number[], theta: number[], t: number): number[] };
}

const half_log_two_pi = 0.5 * Math.log(2 * Math.PI);

export function bound_terms(weights: ArrayLike<number>, draws: Draws, options: BoundOptions): Terms {
  const { model, layout, tables, diffusion } = options;
  const { latent, observed, diffusion_knots: knots } = model;
  const window = tables.windows[options.window] as Tables['windows'][number];
  const nodes = nodes_of(weights, options, window);
  const free = (part: 'encoder' | 'drift' | 'decoder', n: number) =>
    weights[layout.parts[part].free_first + n] as number;
  let path = 0;
  for (const [s, { weight, u, interval, eps }] of draws.path.entries()) {
    const node = tables.nodes[window.first_node + interval] as Tables['nodes'][number];
    const next = tables.nodes[window.first_node + interval + 1] as Tables['nodes'][number];
    const clock = node.clock + u * (next.clock - node.clock);
    const moments = moments_at(nodes, interval, u, node.span, model);
    const big = Array.from({ length: latent }, (_, d) => {
      let log_d = 0;
      for (let knot = 0; knot < knots; knot++) {
        const hat = knots === 1 ? 1 : Math.max(0, 1 - Math.abs(clock * (knots - 1) - knot));
        const index = knot * latent + d;
        const draw = draws.diffusion[s]?.[index] as number;
        log_d += hat * (free('drift', index) + Math.exp(free('drift', knots * latent + index)) * draw);
      }
      return Math.exp(log_d);
    });
    const drift = (z: number[]) => drift_at(weights, options, z, clock);
    path += weight * path_density(moments, eps, big, drift);
  }
  let likelihood = 0;
  for (const [n, { weight, u, interval, eps }] of draws.observations.entries()) {
    const at = Math.floor(n / draws.repeats);
    if (at >= window.observations) continue;
    const { span } = tables.nodes[window.first_node + interval] as Tables['nodes'][number];
    const { m, l } = moments_at(nodes, interval, u, span, model);
    const z = m.map((v, d) => v + Math.exp(0.5 * (l[d] as number)) * (eps[d] as number));
    const prediction = mlp_value(layout.parts.decoder, weights, z);
    for (let c = 0; c < observed; c++) {
      const cell = 2 * ((window.first_observation + at) * observed + c);
      const [value, known] = [tables.values[cell] as number, tables.values[cell + 1] as number];
      const spread = is_exact(model) ? Math.exp(l[c] as number) : 0;
      likelihood += known * weight * log_density(model, prediction[c] as number, spread, value, free('decoder', c));
    }
  }
  let start = 0;
  const [first] = nodes;
  for (let d = 0; d < latent && window.starts; d++) {
    const [m, l] = [first?.[d], first?.[3 * latent + d]] as [number, number];
    start += normal_divergence(m, l, free('encoder', d), free('encoder', latent + d));
  }
  let prior = 0;
  for (let n = 0; n < knots * latent && model.learns.diffusion; n++) {
    const distance = (free('drift', n) - diffusion.mean) / diffusion.sd;
    const ratio = Math.exp(free('drift', knots * latent + n)) / diffusion.sd;
    prior += 0.5 * (distance ** 2 + ratio ** 2 - 1) - Math.log(ratio);
  }
  return { path, likelihood, start, prior };
}

export function drift_at(weights: ArrayLike<number>, { model, layout, own }: BoundOptions, z: number[], clock: number) {
  const part = layout.parts.drift;
  if (!is_own(model.drift)) return mlp_value(part, weights, z, model.drift.moves_in_time ? clock : 0);
  if (own === undefined) throw new Error('the drift is not given');
  const { mean, sd, time, longest } = own.units;
  const first = part.free_first + diffusion_count(model);
  const theta = model.drift.parameters.map((_, i) => weights[first + i] as number);
  const state = z.map((v, d) => (mean[d] as number) + (sd[d] as number) * v);
  return own.drift(state, theta, longest * clock).map((f, d) => (f * time) / (sd[d] as number));
}

/** ½ |r|² / D at one sample of q: r the difference of the drifts of q and of the prior. */
export function path_density(
  { m, dm, l, dl, omega }: Moments,
  eps: number[],
  big: number[],
  drift: (z: number[]) => number[],
): number {
  const sd = l.map((v) => Math.exp(0.5 * v));
  const e = eps.map((v, d) => v / (sd[d] as number));
  const f = drift(m.map((v, d) => v + (sd[d] as number) * (eps[d] as number)));
  return m.reduce((sum, _, d) => {
    const own = (of: number[]) => of[d] as number;
    let r = own(dm) + 0.5 * own(dl) * own(sd) * own(eps) - 0.5 * own(big) * own(e) - own(f);
    for (let j = 0; j < m.length; j++) if (j !== d && omega.length > 0) r -= entry(omega, d, j) * (e[j] as number);
    return sum + (0.5 * r * r) / own(big);
  }, 0);
}

/** Of a normal N(m, e^l) from N(mean, e^log_variance). */
export function normal_divergence(m: number, l: number, mean: number, log_variance: number): number {
  return 0.5 * (Math.exp(l - log_variance) - 1 - (l - log_variance) + (m - mean) ** 2 * Math.exp(-log_variance));
}

/** What the encoder says of the nodes of a window: [node][channel]. */
function nodes_of(weights: ArrayLike<number>, options: BoundOptions, window: Tables['windows'][number]): number[][] {
  const { model, layout, tables } = options;
  const { latent } = model;
  const numbers = range(window.intervals + 1);
  const nodes = numbers.map((i) => encoded(weights, options, window.first_node + i));
  if (model.interpolation === undefined) return nodes;
  const spans = range(window.intervals).map((i) => tables.nodes[window.first_node + i]?.span as number);
  const first = layout.parts.encoder.free_first + 2 * latent;
  const parameters = range(interpolation_count(model)).map((n) => weights[first + n] as number);
  for (const channel of [0, 3]) {
    for (let d = 0; d < latent; d++) {
      const values = nodes.map((node) => node[channel * latent + d] as number);
      kernel_slopes(values, spans, parameters).forEach((slope, i) => {
        const node = nodes[i] as number[];
        // Per interval; beyond the ends there is none.
        node[(channel + 1) * latent + d] = slope * (spans[i] ?? 0);
        node[(channel + 2) * latent + d] = slope * (spans[i - 1] ?? 0);
      });
    }
  }
  return nodes;
}

const range = (length: number) => Array.from({ length }, (_, i) => i);

export function encoded(weights: ArrayLike<number>, { layout, tables, model }: BoundOptions, node: number): number[] {
  const { encoder_inputs, inputs, bases } = tables;
  const seen = Array.from(inputs.subarray(node * encoder_inputs, (node + 1) * encoder_inputs));
  return mlp_value(layout.parts.encoder, weights, seen).map((v, channel) =>
    channel < model.latent ? v + (bases[node * model.latent + channel] as number) : v,
  );
}

/** Two-sided cubic Hermite, by its basis as in the textbooks. */
export function moments_at(
  nodes: number[][],
  interval: number,
  u: number,
  span: number,
  { latent, ...model }: SdeModel,
): Moments {
  const [left, right] = [nodes[interval], nodes[interval + 1]] as [number[], number[]];
  const h = [2 * u ** 3 - 3 * u ** 2 + 1, u ** 3 - 2 * u ** 2 + u, 3 * u ** 2 - 2 * u ** 3, u ** 3 - u ** 2];
  const g = [6 * u ** 2 - 6 * u, 3 * u ** 2 - 4 * u + 1, 6 * u - 6 * u ** 2, 3 * u ** 2 - 2 * u].map((v) => v / span);
  const dot = (by: number[], channel: number, d: number) =>
    (by[0] as number) * (left[channel * latent + d] as number) +
    (by[1] as number) * (left[(channel + 1) * latent + d] as number) +
    (by[2] as number) * (right[channel * latent + d] as number) +
    (by[3] as number) * (right[(channel + 2) * latent + d] as number);
  const all = (by: number[], channel: number) => Array.from({ length: latent }, (_, d) => dot(by, channel, d));
  const turns = channels_of({ latent, ...model }) - 6 * latent;
  const omega = Array.from(
    { length: turns },
    (_, r) => (1 - u) * (left[6 * latent + r] as number) + u * (right[6 * latent + r] as number),
  );
  return { m: all(h, 0), dm: all(g, 0), l: all(h, 3), dl: all(g, 3), omega };
}

/** Ω_ij of the entries above the diagonal, column by column. */
function entry(omega: number[], i: number, j: number): number {
  const [low, high] = [Math.min(i, j), Math.max(i, j)];
  const value = omega[(high * (high - 1)) / 2 + low] as number;
  return i < j ? value : -value;
}

export function log_density(
  { likelihood }: Pick<SdeModel, 'likelihood'>,
  prediction: number,
  spread: number,
  value: number,
  noise: number,
): number {
  const distance = value - prediction;
  if (likelihood === 'gaussian')
    return -half_log_two_pi - 0.5 * noise - (0.5 * (distance ** 2 + spread)) / Math.exp(noise);
  if (likelihood === 'student_t') {
    const constant = Math.log(0.75) - 0.5 * Math.log(4); // Γ(5/2) / (Γ(2) √(4π)) = 3/8
    return constant - 0.5 * noise - 2.5 * Math.log1p(distance ** 2 / (4 * Math.exp(noise)));
  }
  if (likelihood === 'bernoulli')
    return value * prediction - Math.max(prediction, 0) - Math.log1p(Math.exp(-Math.abs(prediction)));
  return value * prediction - Math.exp(prediction) - log_factorial(value);
}

const log_factorial = (n: number) =>
  Array.from({ length: n }, (_, k) => Math.log(k + 1)).reduce((sum, v) => sum + v, 0);

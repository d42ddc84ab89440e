// Acceptance: with drift, diffusion and noise known and linear, the bound at the trained q is below the log evidence, by less than the issue asks: 0.06 for the Ornstein–Uhlenbeck process with a node at every observation and
// both ends, whose best q of this family is 0.049 below (reference page §5.2); 0.15 for a state that turns by 8 radians a second, with Ω, where the best q without it loses 21. The bound is integrated (Gauss and Legendre in
// time, cubature of degree 3 in ε, exact for linear drifts), not sampled: no chance but that of the training's seed.
// Importance weights of q's paths must give the evidence itself: within 4.5 of their standard errors (false alarm 1e-5 for two) and 0.02, about a fifth of that, for the second order of Euler's steps, which
// extrapolation leaves.

import { describe, expect, it } from 'vitest';
import { fit_sde } from '../../src/sde/fit.ts';
import { drift_at } from '../../src/sde/learned/drift_at.ts';
import { evidence_gap, type Gap } from '../../src/sde/learned/importance.ts';
import { type LearnedSde, learned_networks } from '../../src/sde/learned/learned.ts';
import { step_length } from '../../src/sde/learned/step_length.ts';
import type { Moments, Posterior } from '../../src/sde/posterior.ts';
import type { Units } from '../../src/sde/units.ts';
import { use_device } from '../device.ts';
import { normal_divergence, path_density } from '../reference/sde.ts';
import * as ou from './ou_golden.ts';

const device = use_device();
const noise_variance = 0.09;

interface Problem {
  drift: { wgsl: string; states: string[]; parameters: Record<string, { known: number }> };
  /** In the data's units. */
  at(z: readonly number[]): number[];
  stationary: number;
  observe(time: number): number[];
  log_evidence: number;
}

const decaying: Problem = {
  drift: {
    wgsl: 'fn drift(z: State, theta: Theta, t: f32) -> State { return State(-theta.decay * z.x); }',
    states: ['x'],
    parameters: { decay: { known: 1 } },
  },
  at: ([x = 0]) => [-x],
  stationary: 0.5,
  observe: (t) => [Math.sin(2 * t)],
  log_evidence: ou.exact.log_evidence,
};

const turn = 8;
const turning: Problem = {
  drift: {
    wgsl: `
fn drift(z: State, theta: Theta, t: f32) -> State {
  return State(-0.5 * z.x + theta.turn * z.y, -theta.turn * z.x - 0.5 * z.y);
}`,
    states: ['x', 'y'],
    parameters: { turn: { known: turn } },
  },
  at: ([x = 0, y = 0]) => [-0.5 * x + turn * y, -turn * x - 0.5 * y],
  stationary: 1,
  observe: circle,
  log_evidence: turning_evidence(),
};

const cases: [string, Problem, { intervals: number[]; rotation: boolean; steps: number; gap: [number, number] }][] = [
  ['Ornstein and Uhlenbeck', decaying, { intervals: ou_times(), rotation: false, steps: 4000, gap: [0, 0.06] }],
  ['turning, with Ω', turning, { intervals: even_times(32), rotation: true, steps: 6000, gap: [0, 0.15] }],
  ['turning, without', turning, { intervals: even_times(16), rotation: false, steps: 4000, gap: [20, 22] }],
];

describe.each(cases)('%s', (_, problem, { intervals, rotation, steps, gap: [least, most] }) => {
  it('the bound of the trained q is as far below the evidence as q’s family', async () => {
    const latent = problem.drift.states.length;
    const all = (value: number) => new Array<number>(latent).fill(value);
    const values = Float64Array.from(
      intervals.flatMap((t) => (ou.times.includes(t) ? problem.observe(t) : all(Number.NaN))),
    );
    const fit = await fit_sde(device(), [{ times: Float64Array.from(intervals), values }], {
      config: {
        drift: problem.drift,
        ...{ rotation, every: 1, encoder: { hidden: [], sees: 2 * intervals.length - 1 } },
        ...{ noise: Math.sqrt(noise_variance), diffusion: { known: all(1) } },
        start: { mean: all(0), sd: all(Math.sqrt(problem.stationary)) },
        estimator: { windows: 1, nodes: 64, pairs: 64, paths: 1 },
        training: { steps, learning_rate: 0.01, warm_up: 100, ramp: 1 },
      },
      names: { series: ['data'], channels: problem.drift.states },
      key: [1, 2],
    });
    const [learned] = (await learned_networks(fit)) as [LearnedSde];
    fit.trainer.destroy();
    const gap = problem.log_evidence - integrated_bound(learned.posterior, fit.units, problem, intervals);
    expect(gap).toBeGreaterThan(least);
    expect(gap).toBeLessThan(most);
    await check_drift(learned, problem);
    if (least > 0) return;
    const step = await step_length(device(), learned);
    const weighted = (await evidence_gap(device(), learned, 0, { paths: 4096, step, key: [3, 3] })) as Gap;
    expect(weighted.observations).toBe(intervals.length);
    expect(weighted.k_hat).toBeLessThan(0.5);
    expect(Math.abs(weighted.log_evidence - problem.log_evidence)).toBeLessThan(4.5 * weighted.se + 0.02);
    expect(weighted.log_evidence - weighted.bound).toBeGreaterThan(0);
  }, 120_000);
});

/** As f32 has it, of numbers of size 10. */
async function check_drift(learned: LearnedSde, problem: Problem) {
  const { mean, sd, time } = learned.units;
  const points = [-1.3, 0.4, 2].map((v) => problem.drift.states.map((_, d) => v - 0.5 * d));
  const found = await drift_at(device(), learned, points);
  for (const [n, z] of points.entries()) {
    const exact = problem.at(z.map((v, d) => (mean[d] as number) + (sd[d] as number) * v));
    exact.forEach((f, d) => {
      expect(found[n]?.[d]).toBeCloseTo((f * time) / (sd[d] as number), 4);
    });
  }
}

function ou_times(): number[] {
  return [0, ...ou.times, 4];
}

function even_times(count: number): number[] {
  return Array.from({ length: count + 1 }, (_, i) => (4 * i) / count);
}

function integrated_bound(posterior: Posterior, { mean, sd, time }: Units, problem: Problem, times: number[]): number {
  const latent = problem.drift.states.length;
  const range = Array.from({ length: latent }, (_, d) => d);
  const spread = (d: number) => sd[d] as number;
  const raw = (z: readonly number[]) => z.map((v, d) => (mean[d] as number) + spread(d) * v);
  const drift = (z: readonly number[]) => problem.at(raw(z)).map((f, d) => (f * time) / spread(d));
  const big = range.map((d) => time / spread(d) ** 2);
  const points = range.flatMap((j) =>
    [1, -1].map((sign) => range.map((k) => (k === j ? sign * Math.sqrt(latent) : 0))),
  );
  const rule = ou.legendre(20);
  let path = 0;
  for (const [i, end] of times.slice(1).entries()) {
    const [a, b] = [(times[i] as number) / time, end / time];
    for (const [x, weight] of rule) {
      const moments = as_arrays(posterior.at(0, a + 0.5 * (x + 1) * (b - a)));
      for (const eps of points) {
        path += ((0.5 * (b - a) * weight) / points.length) * path_density(moments, eps, big, drift);
      }
    }
  }
  const in_data_units = (t: number) => {
    const { mean: m, log_variance } = posterior.at(0, t / time);
    return { m: raw(Array.from(m)), l: Array.from(log_variance, (v, d) => v + 2 * Math.log(spread(d))) };
  };
  const likelihood = ou.times.reduce((sum, t) => {
    const { m, l } = in_data_units(t);
    return (
      sum -
      problem.observe(t).reduce((part, y, c) => {
        const square = (y - (m[c] as number)) ** 2 + Math.exp(l[c] as number);
        return part + 0.5 * Math.log(2 * Math.PI * noise_variance) + square / (2 * noise_variance);
      }, 0)
    );
  }, 0);
  const { m, l } = in_data_units(0);
  const log_stationary = Math.log(problem.stationary);
  const start = range.reduce((sum, d) => sum + normal_divergence(m[d] as number, l[d] as number, 0, log_stationary), 0);
  return likelihood - path - start;
}

const as_arrays = ({ mean, mean_slope, log_variance, log_variance_slope, rotation }: Moments) => ({
  ...{ m: Array.from(mean), dm: Array.from(mean_slope), l: Array.from(log_variance) },
  ...{ dl: Array.from(log_variance_slope), omega: Array.from(rotation) },
});

function circle(t: number): [number, number] {
  return [Math.sin(2 * t), Math.cos(2 * t)];
}

/** By Kalman's filter; the covariance is a multiple of the identity throughout. */
function turning_evidence(): number {
  let [mean, variance, evidence, before]: [[number, number], number, number, number] = [[0, 0], 1, 0, 0];
  for (const t of ou.times) {
    const h = t - before;
    const [decay, c, s] = [Math.exp(-0.5 * h), Math.cos(turn * h), Math.sin(turn * h)];
    mean = [decay * (c * mean[0] + s * mean[1]), decay * (c * mean[1] - s * mean[0])];
    variance = decay ** 2 * variance + 1 - decay ** 2;
    const total = variance + noise_variance;
    const y = circle(t);
    const errors = [y[0] - mean[0], y[1] - mean[1]] as const;
    evidence -= Math.log(2 * Math.PI * total) + (errors[0] ** 2 + errors[1] ** 2) / (2 * total);
    const gain = variance / total;
    mean = [mean[0] + gain * errors[0], mean[1] + gain * errors[1]];
    variance *= 1 - gain;
    before = t;
  }
  return evidence;
}

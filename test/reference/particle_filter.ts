/**
 * The particle filter of shaders/filter/ once more, in float64 and for clarity: the same random counters, the same resampling in integers, one filter at a time.
 *
 * Derivatives come without any calculus: beside every particle run copies of it at theta ± h, on the same noise and with the same ancestors, and their log-weights'
 * difference over 2h is what the particle's score gains (error h² times a third derivative, about 1e-10, and 1e-11 of rounding at h = 1e-5).
 */

import { normal_from_bits } from '../../src/random/normal.ts';
import { type Site, site, type Words, words_at } from '../../src/random/threefry.ts';
import { coarse_ess, fixed_point, parents } from './systematic.ts';

type Numbers = readonly number[];

export interface TwinModel {
  noise: number;
  initial(theta: Numbers, noise: Numbers): number[];
  transition(x: Numbers, theta: Numbers, noise: Numbers, t: number): number[];
  log_observation(y: Numbers, x: Numbers, theta: Numbers, t: number): number;
  guided?(x: Numbers, y: Numbers, theta: Numbers, noise: Numbers, t: number): { x: number[]; log_weight: number };
}

export interface TwinOptions {
  model: TwinModel;
  theta: Numbers;
  key: Words;
  /** Rows t = 1…T; NaN in any column means the row is missing. */
  rows: readonly Numbers[];
  particles: number;
  resample_below: number;
  blend: number;
  guided: boolean;
}

export interface TwinResult {
  log_likelihood: number;
  /** t = 0…T; the first is 0. */
  increments: number[];
  ess: number[];
  /** [t][component] */
  means: number[][];
  gradient: number[];
  died: number;
  resampled: number;
}

/**
 * The noise of particle j. Two neighbours own 2n words of the stream in order, the even one the first n, the odd one the rest; but
 * where n is odd the odd one's first word is its last component, because it comes from the call they share.
 */
export function noise_at(key: Words, purpose: Site, step: number, j: number, n: number): number[] {
  const is_shared = n % 2 === 1 && j % 2 === 1;
  return Array.from({ length: n }, (_, i) => {
    const word = j * n + (is_shared ? (i + 1) % n : i);
    return normal_from_bits(words_at(key, purpose, step, word >> 1)[(word % 2) as 0 | 1]);
  });
}

/** The particle itself, and its copies at theta + h and theta − h for each parameter in turn. */
interface Particle {
  states: number[][];
  log_weight: number;
  score: number[];
}

const h = 1e-5;

export function particle_filter(options: TwinOptions): TwinResult {
  const { model, key, rows, particles: count } = options;
  const thetas = [options.theta, ...options.theta.flatMap((_, d) => [h, -h].map((e) => shifted(options.theta, d, e)))];
  const result: TwinResult = {
    log_likelihood: 0,
    increments: [0],
    ess: [count],
    means: [],
    gradient: [],
    died: 0,
    resampled: 0,
  };
  let cloud: Particle[] = Array.from({ length: count }, (_, j) => {
    const noise = noise_at(key, site.initial, 0, j, model.noise);
    return {
      states: thetas.map((theta) => model.initial(theta, noise)),
      log_weight: 0,
      score: options.theta.map(() => 0),
    };
  });
  result.means.push(weighted(cloud, (p) => p.states[0] as number[]));
  let resample = falls_below(cloud, options, 0);
  for (let step = 1; step <= rows.length; step++) {
    if (resample) {
      cloud = resampled(cloud, options, step);
      result.resampled++;
    }
    const before = log_sum(cloud);
    for (const [j, particle] of cloud.entries()) move(particle, j, step, thetas, options);
    if (!cloud.some((p) => p.log_weight > -1e29)) return { ...result, log_likelihood: -1e30, died: step };
    const increment = log_sum(cloud) - before;
    result.increments.push(increment);
    result.log_likelihood += increment;
    result.ess.push(1 / weights(cloud).reduce((sum, w) => sum + w * w, 0));
    result.means.push(weighted(cloud, (p) => p.states[0] as number[]));
    resample = falls_below(cloud, options, step);
  }
  return { ...result, gradient: weighted(cloud, (p) => p.score) };
}

const shifted = (theta: Numbers, d: number, e: number) => theta.map((value, i) => (i === d ? value + e : value));

function move(particle: Particle, j: number, step: number, thetas: readonly Numbers[], options: TwinOptions): void {
  const { model, key, rows, guided } = options;
  const y = rows[step - 1] as Numbers;
  const noise = noise_at(key, site.transition, step, j, model.noise);
  const moved = thetas.map((theta, k) => {
    const x = particle.states[k] as number[];
    if (y.some(Number.isNaN)) return { x: model.transition(x, theta, noise, step), log_weight: 0 };
    if (guided && model.guided) return model.guided(x, y, theta, noise, step);
    const next = model.transition(x, theta, noise, step);
    return { x: next, log_weight: model.log_observation(y, next, theta, step) };
  });
  const log_weight = (k: number) => moved[k]?.log_weight as number;
  particle.states = moved.map(({ x }) => x);
  particle.log_weight += log_weight(0);
  particle.score = particle.score.map((s, d) => s + (log_weight(2 * d + 1) - log_weight(2 * d + 2)) / (2 * h));
}

/** Fixed-point weights, from weights relative to the largest. */
function fixed(cloud: readonly Particle[]): bigint[] {
  const largest = Math.max(...cloud.map((p) => p.log_weight));
  return cloud.map((p) => fixed_point(Math.fround(Math.exp(Math.max(p.log_weight - largest, -80))), cloud.length));
}

const falls_below = (cloud: readonly Particle[], { resample_below, particles, rows }: TwinOptions, step: number) =>
  step > 0 && step < rows.length && coarse_ess(fixed(cloud)) < resample_below * particles;

function resampled(cloud: readonly Particle[], { key, blend }: TwinOptions, step: number): Particle[] {
  const mean_score = weighted(cloud, (p) => p.score);
  return parents(fixed(cloud), cloud.length, words_at(key, site.resample, step, 0)[0]).map((parent) => {
    const { states, score } = cloud[parent] as Particle;
    return { states, log_weight: 0, score: score.map((s, d) => blend * s + (1 - blend) * (mean_score[d] as number)) };
  });
}

function log_sum(cloud: readonly Particle[]): number {
  const largest = Math.max(...cloud.map((p) => p.log_weight));
  return largest + Math.log(cloud.reduce((sum, p) => sum + Math.exp(p.log_weight - largest), 0));
}

function weights(cloud: readonly Particle[]): number[] {
  const normaliser = log_sum(cloud);
  return cloud.map((p) => Math.exp(p.log_weight - normaliser));
}

function weighted(cloud: readonly Particle[], value: (p: Particle) => number[]): number[] {
  const w = weights(cloud);
  return value(cloud[0] as Particle).map((_, i) =>
    cloud.reduce((sum, p, j) => sum + (w[j] as number) * (value(p)[i] as number), 0),
  );
}

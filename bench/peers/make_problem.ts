/**
 * Filter problems for the comparison with other tools, from our own random numbers (src/random): the same noise buffer as shaders/filter/shared_noise.wgsl fills, up to what WGSL
 * allows for log and sqrt, and the very bits that the filter bank draws for resampling. A bank gets the noise itself (`shared_noise`) and the keys.
 */

import { portable_lgssm } from '../../src/model/catalog/data/portable_lgssm.ts';
import { sir } from '../../src/model/catalog/sir.ts';
import { normal_from_bits } from '../../src/random/normal.ts';
import { site, threefry, type Words, words_at } from '../../src/random/threefry.ts';
import type { FilterProblem, GradientKind } from './types.ts';

export interface ProblemSize {
  model: FilterProblem['model'];
  filters: number;
  particles: number;
  steps: number;
  gradient: GradientKind;
  seed?: number;
}

const population = sir.constants?.population as number;

/** The truth behind each data set, in the order of the model's parameters, and the normals a particle takes per step. */
const models = {
  lgssm: { truth: [0.75, 1, 1], noise: 1, constants: {}, observations: portable_lgssm },
  sir: { truth: [0.25, 0.1, 0.05], noise: 8, constants: { population }, observations: epidemic },
} as const;

export function make_problem({ model, filters, particles, steps, gradient, seed = 1 }: ProblemSize): FilterProblem {
  const { truth, noise, constants, observations } = models[model];
  const keys = new Uint32Array(2 * filters);
  const uniforms = new Uint32Array((steps + 1) * filters);
  for (let f = 0; f < filters; f++) {
    const key = threefry([seed, 0], [f, 1]);
    keys.set(key, 2 * f);
    for (let t = 1; t <= steps; t++) uniforms[t * filters + f] = words_at(key, site.resample, t, 0)[0];
  }
  return {
    model,
    filters,
    particles,
    steps,
    gradient,
    theta: spread(truth, filters, seed),
    noise: shared_normals([seed, 1], steps, particles, noise),
    uniforms,
    keys,
    observations: observations(steps).map(Math.fround),
    resample_below: 0.5,
    constants,
  };
}

/** [D][filters]: the truth times 1 ± 10 %, another value for each filter, as the parameters of a population differ. */
function spread(truth: readonly number[], filters: number, seed: number) {
  return Float32Array.from({ length: truth.length * filters }, (_, i) => {
    const d = Math.floor(i / filters);
    const [word] = threefry([seed, 2], [d, i % filters]);
    return (truth[d] as number) * (1 + 0.2 * (word / 2 ** 32 - 0.5));
  });
}

/** [T + 1][particles][n], particle j's words as in shaders/filter/noise.wgsl: with n odd, two neighbours share the call in their middle and each takes one word of it. */
export function shared_normals(key: Words, steps: number, particles: number, n: number) {
  const normals = new Float32Array((steps + 1) * particles * n);
  for (let t = 0; t <= steps; t++) {
    const purpose = t === 0 ? site.initial : site.transition;
    const row = normals.subarray(t * particles * n, (t + 1) * particles * n);
    for (let call = 0; 2 * call < row.length; call++) {
      const words = words_at(key, purpose, t, call);
      for (const half of [0, 1] as const) {
        const at = place(2 * call + half, n);
        if (at < row.length) row[at] = normal_from_bits(words[half]);
      }
    }
  }
  return normals;
}

/** Where in the row a word of the stream goes. An odd particle's first word is its last component when n is odd. */
function place(word: number, n: number): number {
  const particle = Math.floor(word / n);
  const is_rotated = n % 2 === 1 && particle % 2 === 1;
  return is_rotated ? particle * n + ((word - particle * n + n - 1) % n) : word;
}

/**
 * Beds occupied in an epidemic that lasts about a hundred days: the model's deterministic flow at the truth, with noise of the negative binomial's variance from a fixed hash, rounded to
 * counts. Not a draw from the model, and it need not be: both sides filter the same rows.
 */
function epidemic(steps: number): number[] {
  const [beta, gamma, phi_inverse] = models.sir.truth;
  let s = population - 1;
  let i = 1;
  return Array.from({ length: steps }, (_, t) => {
    for (let substep = 0; substep < 4; substep++) {
      const infected = (beta * s * i) / population / 4;
      const recovered = (gamma * i) / 4;
      s -= infected;
      i += infected - recovered;
    }
    const [bits] = threefry([0, 3], [t, 0]);
    return Math.max(0, Math.round(i + Math.sqrt(i + phi_inverse * i * i) * normal_from_bits(bits)));
  });
}

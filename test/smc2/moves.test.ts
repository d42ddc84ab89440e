// The kernels of SMC² that move particles and correct for the move, each by itself against float64 and against definitions in which nothing is cancelled.
//
// Acceptance: the shaders' sums have at most M = 333 terms or D² = 49; log-likelihoods of size 100 are rounded to 4e-6, triangular solves and the normals (4e-7) add a few 1e-6
// per parameter, and the conditional covariance subtracts numbers of order one: 2e-4 of 1 + |value| covers them ten times over. Accepting compares two such numbers, so a
// decision may differ only where they differ by less than that. Inputs at fixed seeds, so no test here fails by chance.

import { describe, expect, it } from 'vitest';
import { normal_from_bits } from '../../src/random/normal.ts';
import { site, words_at } from '../../src/random/threefry.ts';
import { use_device } from '../device.ts';
import type { Matrix } from '../reference/linear_algebra.ts';
import { fit_backward, log_ratio, type Move, type Particle, propose } from '../reference/theta_moves.ts';
import { model_of } from './models.ts';
import {
  draws,
  largest_difference,
  numbers,
  pack,
  pack_frozen,
  random_factor,
  random_particles,
  random_weights,
  stat,
  unpack,
  unpack_frozen,
} from './population.ts';
import { run_floats, type Setting } from './stage.ts';

const device = use_device();
const tolerance = 2e-4;
const key = [17, 1] as const;
const iteration = 12;
const shapes = [
  { dimension: 1, thetas: 100, width: 16 },
  { dimension: 3, thetas: 333, width: 64 },
  { dimension: 7, thetas: 165, width: 32 },
];
const title = 'D = $dimension, M = $thetas, width $width';

/** The normals of shaders/smc2/propose.wgsl: counter (propose | iteration, m·⌈D/2⌉ + pair). */
function normals_of(m: number, dimension: number): number[] {
  const pairs = Math.ceil(dimension / 2);
  return numbers(dimension, (i) =>
    normal_from_bits(words_at(key, site.propose, iteration, m * pairs + Math.floor(i / 2))[(i % 2) as 0 | 1]),
  );
}

const stats_with = (lambda: number) => {
  const stats = new Float32Array(32);
  stats[stat.lambda] = lambda;
  return stats;
};

/** Log-likelihoods close enough for moves to be accepted and rejected. */
const particles_of = (thetas: number, dimension: number, seed: number) =>
  random_particles(thetas, dimension, seed).map((p) => ({
    ...p,
    log_likelihood: Math.fround(p.log_likelihood / 10 - 90),
  }));

const kinds = [
  { langevin: false, drift_limit: 2 },
  { langevin: true, drift_limit: 0.4 },
  { langevin: true, drift_limit: 1e30 },
];

describe.each(shapes)(`propose, ${title}`, ({ dimension, thetas }) => {
  const model = model_of(dimension);
  const families = numbers(thetas, (m) => m >> 1);
  const run = async (particles: readonly Particle[], factor: Matrix, move: Omit<Move, 'factor'>) => {
    const { lambda, langevin, step, drift_limit } = move;
    const after = await run_floats(
      device(),
      'propose',
      { model, thetas, langevin, params: { key, iteration, step, drift_limit } },
      {
        frozen: pack_frozen({ factor }),
        population: pack(particles, families),
        next_population: new Float32Array((3 * dimension + 3) * thetas),
        half_norms: new Float32Array(thetas),
        stats: stats_with(lambda),
      },
    );
    return { ...unpack(after.next_population as Float32Array, thetas), half_norms: after.half_norms as Float32Array };
  };
  const factor = random_factor(dimension, 20);

  it.each(kinds)('moves by the same normals as the host: langevin $langevin, limit $drift_limit', async (kind) => {
    const particles = particles_of(thetas, dimension, 21);
    const move = { ...kind, lambda: 0.75, step: 0.8 };
    const next = await run(particles, factor, move);
    particles.forEach((p, m) => {
      const normals = normals_of(m, dimension);
      const wanted = propose({ ...move, factor }, p, normals);
      expect(largest_difference(next.particles[m]?.phi ?? [], wanted)).toBeLessThan(tolerance);
      const half_norm = normals.reduce((s, z) => s + z * z, 0) / 2;
      expect(next.half_norms[m]).toBeCloseTo(half_norm, 4);
    });
    expect(next.families).toEqual(families);
  });

  it('is the random walk, bit by bit, where the gradient is zero', async () => {
    const zeros = numbers(dimension, () => 0);
    const particles = particles_of(thetas, dimension, 22).map((p) => ({
      ...p,
      likelihood_gradient: zeros,
      prior_gradient: zeros,
    }));
    const [walk, langevin, unlimited] = await Promise.all(
      kinds.map((kind) => run(particles, factor, { ...kind, lambda: 0.5, step: 0.3 })),
    );
    expect(langevin?.particles.map((p) => p.phi)).toEqual(walk?.particles.map((p) => p.phi));
    expect(unlimited?.particles.map((p) => p.phi)).toEqual(walk?.particles.map((p) => p.phi));
    expect(langevin?.half_norms).toEqual(walk?.half_norms);
  });

  it('never drifts further than the limit, however large the gradient', async () => {
    const particles = particles_of(thetas, dimension, 23).map((p) => ({
      ...p,
      likelihood_gradient: p.likelihood_gradient.map((g) => Math.fround(g * 1e25)),
    }));
    const identity = numbers(dimension, (i) => numbers(dimension, (j) => Number(i === j)));
    const next = await run(particles, identity, { langevin: true, lambda: 1, step: 1, drift_limit: 0.7 });
    particles.forEach((p, m) => {
      const normals = normals_of(m, dimension);
      const drift = p.phi.map((x, i) => (next.particles[m]?.phi[i] as number) - x - (normals[i] as number));
      expect(Math.hypot(...drift)).toBeCloseTo(0.7, 4);
    });
  });
});

/** Pairs as a move makes them: new = old shrunk, turned and shaken. */
function moved_pairs(thetas: number, dimension: number, seed: number) {
  const olds = particles_of(thetas, dimension, seed);
  const news = particles_of(thetas, dimension, seed + 1).map((p, m) => ({
    ...p,
    phi: p.phi.map((x, i) => {
      const old = olds[m] as Particle;
      return Math.fround(0.6 * (old.phi[i] as number) + 0.2 * (old.phi[(i + 1) % dimension] as number) + 0.7 * x + 1);
    }),
  }));
  return { olds, news };
}

describe.each(shapes)(`fit_l_kernel, ${title}`, ({ dimension, thetas, width }) => {
  const model = model_of(dimension);
  const { log_weights, weights } = random_weights(thetas, 30, 0.8);
  const fit_pairs = async (olds: readonly Particle[], news: readonly Particle[]) => {
    const mean = numbers(dimension, (i) =>
      olds.reduce((s, p, m) => s + (weights[m] as number) * (p.phi[i] as number), 0),
    );
    const factor = random_factor(dimension, 31);
    const after = await run_floats(
      device(),
      'fit_l_kernel',
      { model, thetas, width, gaussian: true },
      {
        frozen: pack_frozen({ mean, factor }),
        population: pack(olds),
        next_population: pack(news),
        log_weights,
        stats: new Float32Array(32),
      },
    );
    return {
      frozen: unpack_frozen(after.frozen as Float32Array, dimension),
      refreshed: (after.stats as Float32Array)[stat.refreshed] as number,
      before: { mean, factor },
    };
  };

  it('is the Gaussian law of the old position given the new one, under the weights', async () => {
    const { olds, news } = moved_pairs(thetas, dimension, 32);
    const { frozen, before } = await fit_pairs(olds, news);
    const wanted = fit_backward(
      olds.map((p) => p.phi),
      news.map((p) => p.phi),
      weights,
    );
    expect(largest_difference(frozen.slope.flat(), wanted.slope.flat())).toBeLessThan(tolerance);
    expect(largest_difference(frozen.offset, wanted.offset)).toBeLessThan(tolerance);
    expect(largest_difference(frozen.back_factor.flat(), wanted.factor.flat())).toBeLessThan(tolerance);
    // The proposal's own numbers stay.
    expect(frozen.factor).toEqual(before.factor);
    expect(largest_difference(frozen.mean, before.mean)).toBeLessThan(1e-6);
  });

  it('measures what was refreshed: one minus the squared correlation, averaged over parameters', async () => {
    const { olds, news } = moved_pairs(thetas, dimension, 32);
    const { refreshed } = await fit_pairs(olds, news);
    const moment = (x: readonly number[], y: readonly number[]) => {
      const average = (z: readonly number[]) => z.reduce((s, v, m) => s + (weights[m] as number) * v, 0);
      const [mx, my] = [average(x), average(y)];
      return average(x.map((v, m) => (v - mx) * ((y[m] as number) - my)));
    };
    const parts = numbers(dimension, (i) => {
      const x = olds.map((p) => p.phi[i] as number);
      const y = news.map((p) => p.phi[i] as number);
      return 1 - moment(x, y) ** 2 / (moment(x, x) * moment(y, y));
    });
    expect(refreshed).toBeCloseTo(parts.reduce((a, b) => a + b, 0) / dimension, 4);
    const stayed = await fit_pairs(olds, olds);
    expect(stayed.refreshed).toBeLessThan(1e-5);
  });

  it('stays a proper law where nothing moved', async () => {
    const { olds } = moved_pairs(thetas, dimension, 32);
    const { frozen } = await fit_pairs(olds, olds);
    expect(
      Object.values(frozen)
        .flat(2)
        .every((x) => Number.isFinite(x)),
    ).toBe(true);
    expect(frozen.back_factor.every((row, i) => (row[i] as number) > 0)).toBe(true);
    // Positions have sd 1, the law that is left at most 0.003 (√1e-5) of it, or a little more by rounding.
    expect(Math.max(...frozen.back_factor.flat().map(Math.abs))).toBeLessThan(0.02);
  });
});

const corrections = [
  { metropolis: true, gaussian: false },
  { metropolis: false, gaussian: false },
  { metropolis: false, gaussian: true },
].flatMap((correction) => kinds.map((kind) => ({ ...correction, ...kind })));

describe.each(shapes)(`reweigh, ${title}`, ({ dimension, thetas }) => {
  const model = model_of(dimension);
  const factor = random_factor(dimension, 41);
  const { log_weights } = random_weights(thetas, 40, 0.8);
  const olds = particles_of(thetas, dimension, 42);
  const random = draws(43);
  const normals = olds.map(() => numbers(dimension, () => random.normal()));
  const back = {
    factor: random_factor(dimension, 44),
    slope: random_factor(dimension, 45),
    offset: normals[0] as number[],
  };

  const scene = (kind: (typeof corrections)[number]) => {
    const move: Move = { ...kind, factor, lambda: 0.5, step: 0.9 };
    const news = particles_of(thetas, dimension, 46).map((p, m) => ({
      ...p,
      phi: propose(move, olds[m] as Particle, normals[m] as number[]).map(Math.fround),
    }));
    return { move, news };
  };
  const reweigh = async (
    kind: Setting,
    move: Move,
    from: readonly Particle[],
    to: readonly Particle[],
    weights = log_weights,
  ) => {
    const { step, drift_limit, lambda } = move;
    const after = await run_floats(
      device(),
      'reweigh',
      { ...kind, params: { key, iteration, step, drift_limit } },
      {
        frozen: pack_frozen({ factor, slope: back.slope, offset: back.offset, back_factor: back.factor }),
        population: pack(from),
        next_population: pack(
          to,
          numbers(thetas, (m) => m + 7),
        ),
        half_norms: Float32Array.from(normals, (z) => z.reduce((s, x) => s + x * x, 0) / 2),
        stats: stats_with(lambda),
        log_weights: weights,
        next_log_weights: new Float32Array(thetas),
      },
    );
    return {
      ...unpack(after.next_population as Float32Array, thetas),
      log_weights: after.next_log_weights as Float32Array,
      moved: Array.from(after.half_norms as Float32Array),
    };
  };

  it.each(corrections)(
    'corrects by the ratio of densities: metropolis $metropolis, gaussian $gaussian, langevin $langevin, limit $drift_limit',
    async (kind) => {
      const { move, news } = scene(kind);
      const after = await reweigh({ model, thetas, ...kind }, move, olds, news);
      let accepted = 0;
      let close = 0;
      olds.forEach((old, m) => {
        const to = news[m] as Particle;
        const ratio = log_ratio(move, old, to, kind.gaussian ? back : undefined);
        const weight = log_weights[m] as number;
        if (!kind.metropolis) {
          expect(Math.abs((after.log_weights[m] as number) - weight - ratio)).toBeLessThan(
            tolerance * (1 + Math.abs(ratio)),
          );
          expect(after.moved[m]).toBe(1);
          expect(after.particles[m]).toEqual(to);
          return;
        }
        expect(after.log_weights[m]).toBe(weight);
        const [word] = words_at(key, site.accept, iteration, m);
        const threshold = Math.log(((word >>> 9) + 0.5) * 2 ** -23);
        if (Math.abs(threshold - ratio) < tolerance * (1 + Math.abs(ratio))) close++;
        else expect(after.moved[m]).toBe(Number(threshold < ratio));
        accepted += after.moved[m] as number;
        expect(after.particles[m]).toEqual(after.moved[m] ? to : old);
        expect(after.families[m]).toBe(after.moved[m] ? m + 7 : m);
      });
      expect(close).toBeLessThan(3);
      if (kind.metropolis) {
        // Both happen, or the comparison above says little.
        expect(accepted).toBeGreaterThan(0.03 * thetas);
        expect(accepted).toBeLessThan(0.97 * thetas);
      }
    },
  );

  it('is the random walk, bit by bit, where the gradients are zero', async () => {
    const still = (p: Particle) => ({
      ...p,
      likelihood_gradient: p.phi.map(() => 0),
      prior_gradient: p.phi.map(() => 0),
    });
    const { move, news } = scene({ metropolis: false, gaussian: false, langevin: false, drift_limit: 2 });
    const weigh = (langevin: boolean) =>
      reweigh({ model, thetas, langevin }, { ...move, langevin }, olds.map(still), news.map(still));
    const [walk, langevin] = [await weigh(false), await weigh(true)];
    // The way back has the same normals with the other sign, found by a triangular solve: not the same bits.
    expect(largest_difference(langevin.log_weights, walk.log_weights)).toBeLessThan(1e-5 * dimension);
  });

  it.each(corrections)(
    'never keeps a move to where the likelihood is zero: metropolis $metropolis, gaussian $gaussian, langevin $langevin',
    async (kind) => {
      const { move, news } = scene(kind);
      const dead = news.map((p) => ({ ...p, log_likelihood: -1e30 }));
      const after = await reweigh({ model, thetas, ...kind }, move, olds, dead);
      after.log_weights.forEach((w, m) => {
        expect(w).toBe(kind.metropolis ? log_weights[m] : Math.fround(-1e30));
      });
      if (kind.metropolis) expect(after.particles).toEqual(olds);
    },
  );

  it.each(corrections.filter((kind) => !kind.metropolis))(
    'leaves a particle of weight zero at zero when its likelihood was zero: gaussian $gaussian, langevin $langevin, limit $drift_limit',
    async (kind) => {
      const { move, news } = scene(kind);
      const dead = olds.map((p) => ({ ...p, log_likelihood: -1e30 }));
      // What temper.wgsl leaves of such a particle after steps of lambda of 1e-8, 0.01 and 0.5.
      for (const lambda of [1e-8, 0.01, 0.5]) {
        const weights = log_weights.map((w) => w + lambda * -1e30);
        const after = await reweigh({ model, thetas, ...kind }, { ...move, lambda }, dead, news, weights);
        after.log_weights.forEach((w) => {
          expect(Math.exp(w)).toBe(0);
        });
      }
    },
  );
});

describe.each(shapes)(`normalise, ${title}`, ({ dimension, thetas, width }) => {
  const model = model_of(dimension);
  const before = random_weights(thetas, 50, 0.5);
  const random = draws(51);
  const ratios = numbers(thetas, () => 0.4 * random.normal() + 0.1);
  const moved = numbers(thetas, () => Number(random.uniform() < 0.6));
  const faults = Uint32Array.from({ length: thetas }, () => random.word() % 5);
  const normalise = async (unnormalised: Float32Array<ArrayBuffer>, dead: (m: number) => boolean) => {
    const results = new Float32Array((8 + dimension) * thetas);
    new Uint32Array(results.buffer).set(faults, 6 * thetas);
    const particles = random_particles(thetas, dimension, 52).map((p, m) =>
      dead(m) ? { ...p, log_likelihood: -1e30 } : p,
    );
    const after = await run_floats(
      device(),
      'normalise',
      { model, thetas, width },
      {
        population: pack(particles),
        results,
        log_weights: before.log_weights,
        next_log_weights: unnormalised,
        stats: new Float32Array(32),
        moved: Float32Array.from(moved),
      },
    );
    return { log_weights: after.next_log_weights as Float32Array, stats: after.stats as Float32Array };
  };

  it.each([0, -3000, 3000])(
    'normalises, whatever is added to all log-weights (%i), and gives the evidence ratio',
    async (shift) => {
      const raw = before.log_weights.map((w, m) => w + (ratios[m] as number) + shift);
      const { log_weights, stats } = await normalise(raw, (m) => m % 7 === 2);
      const weights = Array.from(raw, (w) => Math.exp(w - shift));
      const total = weights.reduce((a, b) => a + b, 0);
      const squares = weights.reduce((s, w) => s + w * w, 0);
      // f32 next to 3000 is 2.4e-4 apart; the raw weights were rounded before they came here, so only the evidence and the subtraction feel it.
      const rounding = 1e-5 + 2.4e-4 * Number(shift !== 0);
      expect(Math.abs((stats[stat.evidence] as number) - Math.log(total) - shift)).toBeLessThan(rounding);
      expect(
        largest_difference(
          log_weights,
          weights.map((w) => Math.log(w / total)),
        ),
      ).toBeLessThan(2 * rounding);
      const ess = total ** 2 / squares;
      const ess_before = 1 / before.weights.reduce((s, w) => s + w * w, 0);
      expect((stats[stat.ess] as number) / ess).toBeCloseTo(1, 4);
      expect(stats[stat.kept]).toBeCloseTo(Math.min(1, ess / ess_before), 4);
      expect(stats[stat.accepted]).toBeCloseTo(
        before.weights.reduce((s, w, m) => s + w * (moved[m] as number), 0),
        4,
      );
      expect(stats[stat.alive]).toBe(numbers(thetas, (m) => m % 7 !== 2).filter(Boolean).length);
      expect(stats[stat.faults]).toBe(faults.reduce((a, b) => a + b, 0));
    },
  );

  it('gives a particle that became impossible no weight', async () => {
    const dead = (m: number) => m % 5 === 1;
    const raw = before.log_weights.map((w, m) => (dead(m) ? -1e30 : w));
    const { log_weights, stats } = await normalise(raw, dead);
    const share = before.weights.reduce((s, w, m) => s + (dead(m) ? 0 : w), 0);
    expect(stats[stat.evidence]).toBeCloseTo(Math.log(share), 4);
    log_weights.forEach((w, m) => {
      if (dead(m)) expect(Math.exp(w)).toBe(0);
      else expect(Math.exp(w)).toBeCloseTo((before.weights[m] as number) / share, 5);
    });
    expect(log_weights.every((w) => Number.isFinite(w))).toBe(true);
  });
});

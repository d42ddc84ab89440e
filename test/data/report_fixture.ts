/**
 * Made-up but plausible inputs of a report: an SIR fit to a school's influenza and a stochastic-volatility filter. Not
 * results of anything; the numbers only have the right shapes.
 */
import type { Band, ReportInput } from '../../src/data/report.ts';
import type { Smc2Iteration, Summary } from '../../src/data/summary.ts';

/** Uniform in (0, 1): Lehmer's generator (Park and Miller 1988), whose products stay exact in float64. */
export function uniforms(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

export function normals(seed: number): () => number {
  const uniform = uniforms(seed);
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

const IN_BED = [3, 8, 26, 76, 225, 298, 258, 233, 189, 128, 68, 29, 14, 4];

export function smc2_input(): ReportInput {
  const normal = normals(7);
  const count = 1024;
  const rows = Array.from({ length: count }, () => {
    const [a, b, c, d] = [normal(), normal(), normal(), normal()];
    return [1.72 + 0.09 * a, 0.47 + 0.03 * (0.7 * a + 0.71 * b), Math.exp(-1.6 + 0.35 * c), 12 * Math.exp(0.25 * d)];
  });
  const names = ['beta', 'gamma', 'sigma', 'overdispersion'];
  const weights = rows.map(() => Math.exp(0.6 * normal()));
  const normal_density = (mean: number, sd: number, low: number, high: number) => {
    const x = Array.from({ length: 200 }, (_, i) => low + (i / 199) * (high - low));
    const y = x.map((v) => Math.exp(-0.5 * ((v - mean) / sd) ** 2) / (sd * Math.sqrt(2 * Math.PI)));
    return { x, y };
  };
  const priors = [
    normal_density(2, 1, 0, 6),
    normal_density(0.4, 0.5, 0, 2),
    normal_density(0, 0.5, 0, 2),
    normal_density(10, 20, 0, 80),
  ];
  const fan = (t: number, median: number, sd: number): Band => ({
    t,
    q05: Math.max(0, median - 1.64 * sd),
    q25: Math.max(0, median - 0.67 * sd),
    q50: median,
    q75: median + 0.67 * sd,
    q95: median + 1.64 * sd,
  });
  const infected = [1, ...IN_BED.map((y) => 1.05 * y + 2)];
  let susceptible = 762;
  const s = infected.map((i, t) => {
    susceptible = Math.max(20, susceptible - 0.47 * i);
    return fan(t, susceptible, 3 + 1.2 * Math.sqrt(i));
  });
  return {
    summary: smc2_summary(names),
    data: 'influenza-1978.csv',
    time: 'day',
    posterior: {
      marginals: names.map((name, p) => ({
        name,
        values: rows.map((row) => row[p] ?? 0),
        ...(priors[p] === undefined ? {} : { prior_density: priors[p] }),
        ...(name === 'beta' || name === 'gamma' ? { unit: 'per day' } : {}),
      })),
      weights,
    },
    states: [
      { name: 's', unit: 'boys', bands: s, forecast: [15, 16, 17, 18].map((t) => fan(t, 19, 8)) },
      {
        name: 'i',
        unit: 'boys',
        bands: infected.map((i, t) => fan(t, i, 2 + 1.2 * Math.sqrt(i))),
        forecast: [15, 16, 17, 18].map((t) => fan(t, 3 * 0.7 ** (t - 14), 2.5 + 0.4 * (t - 14))),
      },
    ],
    observations: [
      {
        name: 'in_bed',
        unit: 'boys',
        observed: IN_BED.map((y, i) => ({ t: i + 1, y: i === 8 ? Number.NaN : y })),
        predicted: IN_BED.map((y, i) => fan(i + 1, y * (1 + 0.12 * Math.sin(i * 2)) + 3, 5 + 0.22 * y)),
        forecast: [15, 16, 17, 18].map((t) => fan(t, 3 * 0.7 ** (t - 14), 3 + 0.9 * (t - 14))),
      },
    ],
  };
}

function smc2_summary(names: string[]): Summary {
  const iterations: Smc2Iteration[] = Array.from({ length: 24 }, (_, k) => {
    const lambda = Math.min(1, 0.004 * 1.62 ** k);
    const posterior = lambda === 1;
    return {
      k,
      phase: posterior ? 'posterior' : 'tempering',
      lambda,
      ess: posterior ? 700 + 200 * Math.sin(k) : 1024 * (0.5 + 0.02 * Math.cos(3 * k)),
      distinct_ancestors: Math.round(1024 * (0.05 + 0.95 * Math.exp(-0.3 * k))),
      step: 0.4 * Math.exp(-0.02 * k) + 0.2,
      log_evidence: -62.4 - 40 * Math.exp(-0.4 * k) + 0.1 * Math.sin(5 * k),
      spread: names.map((_, p) => 1 + (4 + 3 * p) * Math.exp(-(0.35 + 0.05 * p) * k) + 0.03 * Math.sin(k + p)),
      resampled: !posterior || k % 4 === 0,
    };
  });
  return {
    ...base_summary('sir'),
    command: ['langevin', 'smc2', 'sir', '--data', 'influenza-1978', '--seed', '1', '--out', 'out/sir'],
    parameters: {
      beta: { mean: 1.7204, sd: 0.0902, mcse: 0.0041, q05: 1.573, q50: 1.7188, q95: 1.872, ess: 484.0 },
      gamma: { mean: 0.47012, sd: 0.0303, mcse: 0.0013, q05: 0.4212, q50: 0.4699, q95: 0.5203, ess: 543.2 },
      sigma: { mean: 0.2133, sd: 0.0771, mcse: 0.0037, q05: 0.1139, q50: 0.2011, q95: 0.3592, ess: 434.1 },
      overdispersion: { mean: 12.381, sd: 3.12, mcse: 0.14, q05: 7.96, q50: 12.01, q95: 18.1, ess: 496.6 },
    },
    log_evidence: { value: -62.412, se: 0.084 },
    smc2: { thetas: 1024, particles: 512, iterations },
  };
}

export function base_summary(model: string): Summary {
  return {
    langevin: '0.1.0',
    command: ['langevin'],
    model,
    adapter: { kind: 'software', name: 'SwiftShader Device (Subzero)' },
    seed: 1,
    seconds: { total: 41.3, gpu: 38.9 },
    parameters: {},
    warnings: [],
  };
}

export function filter_input(): ReportInput {
  const normal = normals(11);
  const count = 250;
  let level = 0;
  const states: Band[] = [];
  const predicted: Band[] = [];
  const observed: { t: number; y: number }[] = [];
  const steps = [];
  const fan = (t: number, median: number, sd: number): Band => ({
    t,
    q05: median - 1.64 * sd,
    q25: median - 0.67 * sd,
    q50: median,
    q75: median + 0.67 * sd,
    q95: median + 1.64 * sd,
  });
  for (let t = 0; t <= count; t++) {
    level = 0.96 * level + 0.25 * normal();
    states.push(fan(t, level, 0.35));
    if (t === 0) continue;
    const y = Math.exp(level / 2) * normal();
    predicted.push(fan(t, 0, Math.exp(level / 2)));
    observed.push({ t, y });
    steps.push({
      t,
      log_likelihood: -1.2 - level / 2 - 0.4 * y ** 2 * Math.exp(-level),
      ess: 4096 * (0.95 - 0.12 * normal() ** 2),
    });
  }
  const ahead = Array.from({ length: 20 }, (_, h) => count + 1 + h);
  return {
    summary: {
      ...base_summary('stochastic_volatility'),
      command: ['langevin', 'filter', 'stochastic_volatility', '--data', 'returns.csv', '--set', 'phi=0.96'],
      adapter: { kind: 'hardware', name: 'NVIDIA GeForce RTX 4070' },
      seconds: { total: 0.42, gpu: 0.11 },
      log_likelihood: { value: -351.284, sd: 0.213, filters: 16 },
      gradient: { phi: { mean: 12.31, sd: 1.84 }, sigma: { mean: -3.207, sd: 0.62 }, mu: { mean: 0.0418, sd: 0.0931 } },
      warnings: ['The gradient of mu is not distinguishable from zero: use more particles or more filters.'],
      filter: { particles: 4096, filters: 16, steps: count },
    },
    data: 'returns.csv',
    time: 'trading day',
    states: [
      {
        name: 'log_volatility',
        bands: states,
        forecast: ahead.map((t, h) => fan(t, level * 0.96 ** (h + 1), 0.4 + 0.02 * h)),
      },
    ],
    observations: [
      {
        name: 'return',
        unit: '%',
        observed,
        predicted,
        forecast: ahead.map((t, h) => fan(t, 0, Math.exp((level * 0.96 ** h) / 2))),
      },
    ],
    steps: { particles: 4096, steps },
  };
}

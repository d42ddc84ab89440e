// Acceptance: exact messages for settings that are not right; defaults that follow from the data, by the rules that settings.ts states.

import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/model/user_error.ts';
import { check_config, type SdeConfig } from '../../src/sde/config.ts';
import { settings_of } from '../../src/sde/settings.ts';
import { units_of } from '../../src/sde/units.ts';

const message = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  return 'accepted';
};

describe('settings that are not right', () => {
  it.each([
    [{ latnet: 2 }, 'a.json: there is no setting latnet. Did you mean latent?'],
    [{ latent: 0 }, 'a.json: latent must be a whole number from 1 to 32, not 0.'],
    [{ drift: { hiden: [3] } }, 'a.json: there is no setting drift.hiden. Did you mean hidden?'],
    [
      { drift: { wgsl: 'fn drift', states: ['x'], parametres: {} } },
      'a.json: there is no setting drift.parametres. Did you mean parameters?',
    ],
    [{ drift: { wgsl: 'fn drift', states: ['2x'] } }, 'a.json: drift.states.0 must be a name as in WGSL, not "2x".'],
    [
      { drift: { hidden: [64], activation: 'sine' } },
      'a.json: drift.activation must be one of tanh, softplus, relu, not "sine".',
    ],
    [{ decoder: 'identiy' }, 'a.json: decoder must be "identity" or { hidden: […] }, not "identiy".'],
    [
      { likelihood: 'normal' },
      'a.json: likelihood must be one of gaussian, student_t, bernoulli, poisson, not "normal".',
    ],
    [{ noise: -1 }, 'a.json: noise must be greater than 0, not -1.'],
    [{ training: { steps: 1.5 } }, 'a.json: training.steps must be a whole number from 1 to 10000000, not 1.5.'],
    [{ estimator: { nodes: 48 } }, 'a.json: estimator.nodes must be a multiple of 32, not 48.'],
    [[1], 'a.json: settings are an object { latent: 2, … }, not [1].'],
  ])('%j', (given, text) => {
    expect(message(() => check_config(given, 'a.json'))).toBe(text);
  });
});

/** A sine of period 2π, and noise-like zigzag, at `count` times. */
function data(count: number, channels: number) {
  const times = Float64Array.from({ length: count }, (_, n) => 0.01 * n);
  const values = Float64Array.from({ length: count * channels }, (_, i) =>
    Math.sin(0.01 * Math.floor(i / channels) + (i % channels)),
  );
  const series = [{ times, values }];
  return {
    series,
    units: units_of(
      series,
      Array.from({ length: channels }, (_, c) => `y${c}`),
      true,
    ),
  };
}

const settings = (config: SdeConfig, count = 1000, channels = 2) => {
  const { series, units } = data(count, channels);
  return settings_of(config, series, units);
};

describe('defaults', () => {
  it('follow from the data', () => {
    const { model, every, sees, estimator, known } = settings({});
    expect(model).toMatchObject({ latent: 2, decoder: 'identity', likelihood: 'gaussian', rotation: true });
    // A sine differs by its variance after a sixth of its period, about 1.05; ten nodes in it would be every 10 of 0.01.
    expect(every).toBeGreaterThanOrEqual(9);
    expect(every).toBeLessThanOrEqual(13);
    expect(sees).toBe(2 * every + 1);
    expect(estimator).toMatchObject({ nets: 1, windows: 1, repeats: 1 });
    expect(known).toEqual({});
  });

  it('take several windows a step where series are short', () => {
    const { units } = data(1000, 1);
    const series = Array.from({ length: 20 }, () => data(5, 1).series).flat();
    expect(settings_of({ every: 1 }, series, units).estimator.windows).toBe(8);
  });

  it('decode where there are more channels than components', () => {
    expect(settings({ latent: 3 }, 100, 5).model.decoder).toEqual({ hidden: [32], activation: 'tanh' });
    expect(settings({ latent: 3, decoder: { hidden: [] } }, 100, 5).estimator.repeats).toBe(2);
  });

  it('keep what is known', () => {
    const { model, known } = settings({ noise: 0.5, diffusion: { known: [1, 2] } });
    expect(known).toEqual({ noise: [0.25, 0.25], diffusion: [1, 2] });
    expect(model.learns).toEqual({ diffusion: false, noise: false, start: true });
  });
});

describe('settings that contradict the data or each other', () => {
  const drift = { wgsl: '', states: ['x', 'y'] };
  it.each<[SdeConfig, string]>([
    [{ latent: 3, drift }, 'latent is 3, and the drift has 2 states.\nLeave out latent.'],
    [{ noise: [1, 2, 3] }, 'noise has 3 numbers, and there are 2 channels.'],
    [{ diffusion: { known: [1] } }, 'diffusion.known has 1 numbers, and there are 2 components of the state.'],
    [{ likelihood: 'poisson', noise: 1 }, 'likelihood poisson has no noise to be known.\nLeave noise out.'],
    [
      { decoder: { hidden: [] }, estimator: { repeats: 3 } },
      'estimator.repeats is 3: samples come in antithetic pairs.\nGive an even number.',
    ],
    [
      { latent: 1, decoder: 'identity' },
      'decoder "identity" needs a component of the state for each of the 2 channels, and latent is 1.\nGive a larger latent, or decoder: { hidden: [] } for a linear one.',
    ],
  ])('%j', (config, text) => {
    expect(message(() => settings(config))).toBe(text);
  });
});

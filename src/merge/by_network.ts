/** Particles of a learned merge by the network whose they are: energies have a constant of their own for each, so weights and energies compare within one alone. */

import { log_mean_exp } from '../diagnostics/log_mean_exp.ts';

/** [network, of those that have any] its particles. */
export function groups(seed: Uint8Array): number[][] {
  const all = new Map<number, number[]>();
  seed.forEach((s, i) => {
    const own = all.get(s) ?? [];
    own.push(i);
    all.set(s, own);
  });
  return [...all.values()];
}

/** Relative to the largest. */
export function weights_of(log_weight: Float64Array): Float64Array {
  const top = log_weight.reduce((most, w) => Math.max(most, w), Number.NEGATIVE_INFINITY);
  return log_weight.map((w) => Math.exp(w - top));
}

/**
 * Energies less the mean over their own network's particles: networks that learned one density then agree up to chance.
 *
 * @param energy [particle], of a network up to a constant
 */
export function centred_energies(energy: Float64Array, seed: Uint8Array): Float64Array {
  const centred = new Float64Array(energy.length);
  for (const own of groups(seed)) {
    const level = own.reduce((sum, i) => sum + (energy[i] as number) / own.length, 0);
    for (const i of own) centred[i] = (energy[i] as number) - level;
  }
  return centred;
}

/** Log weights such that the weights of every network's particles have the mean 1. */
export function normalised_log_weights(log_weight: Float64Array, seed: Uint8Array): Float64Array {
  const normalised = new Float64Array(log_weight.length);
  for (const own of groups(seed)) {
    const level = log_mean_exp(own.map((i) => log_weight[i] as number)).value;
    for (const i of own) normalised[i] = (log_weight[i] as number) - level;
  }
  return normalised;
}

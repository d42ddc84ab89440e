/**
 * Nested R-hat, for many chains too short for R-hat: chains are grouped in superchains, all chains of one started at the
 * same point, and the question is whether superchains still remember where they started (Margossian, Hoffman, Sountsov,
 * Riou-Durand, Vehtari and Gelman 2024, arXiv 2110.13017).
 *
 * For converged chains it is about √(1 + 1/(M·N_eff)) with M chains in a superchain and N_eff the effective draws of each:
 * a cut at 1.01 needs M·N_eff of 50.
 */
import { type Chains, check_chains, vary } from './chains.ts';
import { mean, variance } from './moments.ts';

/** Of one chain; a device that streams needs to keep no more. */
export interface ChainMoments {
  mean: number;
  /** Unbiased; 0 for a chain of one draw. */
  variance: number;
}

/** Neighbouring chains form a superchain, as the starts of `langevin sample --superchains` are dealt. Throws Error where they do not come out even. */
export function superchains_of<T>(chains: readonly T[], superchains: number): T[][] {
  const size = chains.length / superchains;
  if (!Number.isInteger(size) || size < 1) {
    throw new Error(`nested_rhat: ${chains.length} chains cannot form ${superchains} superchains of equal size.`);
  }
  return Array.from({ length: superchains }, (_, k) => chains.slice(k * size, (k + 1) * size));
}

/** From draws: [superchain][chain][draw]. NaN for draws that are constant or not finite. */
export function nested_rhat(superchains: readonly Chains[]): number {
  const chains = superchains.flat();
  check_chains(chains);
  if (!vary(chains)) return Number.NaN;
  return nested_rhat_of_moments(
    superchains.map((members) =>
      members.map((chain) => ({ mean: mean(chain), variance: chain.length > 1 ? variance(chain) : 0 })),
    ),
  );
}

/**
 * From moments: [superchain][chain], chains equally long. Throws Error for fewer than two superchains or superchains
 * of unequal size.
 */
export function nested_rhat_of_moments(superchains: readonly (readonly ChainMoments[])[]): number {
  const size = superchains[0]?.length ?? 0;
  if (superchains.length < 2 || size === 0) throw new Error('nested_rhat: needs two superchains or more.');
  if (superchains.some(({ length }) => length !== size)) {
    throw new Error(
      `nested_rhat: superchains of ${superchains.map(({ length }) => length).join(', ')} chains; all must have equally many.`,
    );
  }
  const groups = superchains.map((chains) => {
    const means = Float64Array.from(chains, (chain) => chain.mean);
    const between = size > 1 ? variance(means) : 0;
    return { mean: mean(means), spread: between + mean(Float64Array.from(chains, (chain) => chain.variance)) };
  });
  const between = variance(Float64Array.from(groups, (group) => group.mean));
  const within = mean(Float64Array.from(groups, (group) => group.spread));
  return Math.sqrt(1 + between / within);
}

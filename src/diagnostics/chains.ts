/** Chains of draws of one quantity: the input of every diagnostic here. */

/** [chain][draw]; all chains equally long, at least one. */
export type Chains = readonly Float64Array[];

/** Throws Error for no chain or for chains of unequal length: every estimator here takes draw t of all chains together. */
export function check_chains(chains: Chains): void {
  const first = chains[0]?.length;
  if (first === undefined) throw new Error('chains: there is none.');
  const other = chains.findIndex(({ length }) => length !== first);
  if (other >= 0) {
    throw new Error(
      `chains: the first has ${first} draws, number ${other + 1} has ${chains[other]?.length}; all must be equally long.`,
    );
  }
}

/**
 * Whether a spread can be estimated: every draw finite, and not all the same. Where not, the diagnostics are NaN.
 * (R's `posterior` also calls constant what spans less than 2.2e-16; here a parameter may be that small.)
 */
export function vary(chains: Chains): boolean {
  check_chains(chains);
  const first = chains[0]?.[0];
  let varies = false;
  for (const chain of chains) {
    for (let t = 0; t < chain.length; t++) {
      const x = chain[t] as number;
      if (!Number.isFinite(x)) return false;
      if (x !== first) varies = true;
    }
  }
  return varies;
}

/**
 * Each chain in two halves, without the middle draw where the length is odd, so that a drift within a chain shows as
 * a difference between chains (Gelman et al. 2013, §11.4). Views, not copies. A chain of one draw stays whole.
 */
export function split_chains(chains: Chains): Float64Array[] {
  check_chains(chains);
  return chains.flatMap((chain) => {
    const half = chain.length >> 1;
    return half === 0 ? [chain] : [chain.subarray(0, half), chain.subarray(chain.length - half)];
  });
}

/** f of every draw. */
export function map_chains(chains: Chains, f: (x: number) => number): Float64Array[] {
  return chains.map((chain) => chain.map(f));
}

/** All draws, chain after chain. */
export function pooled(chains: Chains): Float64Array {
  const all = new Float64Array(chains.reduce((total, { length }) => total + length, 0));
  let at = 0;
  for (const chain of chains) {
    all.set(chain, at);
    at += chain.length;
  }
  return all;
}

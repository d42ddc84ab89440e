/** Means over chains while these grow, with errors that are seen between them. */

import type { Quantity } from './targets.ts';

export interface ChainMeans {
  add(chain: number, a: number, b: number): void;
  /** By quantity; undefined while fewer than two chains have draws. */
  estimates(): ({ mean: number; error: number } | undefined)[];
}

/** Chains that go together, as particles of ranks that exchange do, make the error look smaller than it is: then it says how far the population agrees, and no more. */
export function create_chain_means(quantities: readonly Quantity[], chains: number): ChainMeans {
  const counts = new Float64Array(chains);
  const sums = quantities.map(() => new Float64Array(chains));
  return {
    add(chain, a, b) {
      counts[chain] = (counts[chain] as number) + 1;
      for (const [q, { of }] of quantities.entries()) {
        const own = sums[q] as Float64Array;
        own[chain] = (own[chain] as number) + of(a, b);
      }
    },
    estimates() {
      return sums.map((own) => {
        const means = Array.from(own.keys())
          .filter((c) => (counts[c] as number) > 0)
          .map((c) => (own[c] as number) / (counts[c] as number));
        if (means.length < 2) return undefined;
        const mean = means.reduce((s, m) => s + m, 0) / means.length;
        const variance = means.reduce((s, m) => s + (m - mean) ** 2, 0) / (means.length - 1);
        return { mean, error: Math.sqrt(variance / means.length) };
      });
    },
  };
}

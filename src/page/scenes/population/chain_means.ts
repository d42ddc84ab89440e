/** Means over chains while these grow, with errors that are seen between them, and whether the chains agree. */

import type { Quantity } from './targets.ts';

export interface Estimate {
  mean: number;
  /** Standard error of the mean; to be trusted where the chains have mixed. */
  error: number;
  rhat: number;
}

export interface ChainMeans {
  add(chain: number, a: number, b: number): void;
  /** By quantity; undefined while fewer than two chains have draws. */
  estimates(): (Estimate | undefined)[];
}

/** Chains that go together, as particles of ranks that exchange do, make the error look smaller than it is: then it says how far the population agrees, and no more. */
export function create_chain_means(quantities: readonly Quantity[], chains: number): ChainMeans {
  const counts = new Float64Array(chains);
  const zeros = () => quantities.map(() => new Float64Array(chains));
  const [sums, squares] = [zeros(), zeros()];
  const add_to = (own: Float64Array, chain: number, value: number) => {
    own[chain] = (own[chain] as number) + value;
  };
  return {
    add(chain, a, b) {
      add_to(counts, chain, 1);
      for (const [q, { of }] of quantities.entries()) {
        const value = of(a, b);
        add_to(sums[q] as Float64Array, chain, value);
        add_to(squares[q] as Float64Array, chain, value * value);
      }
    },
    estimates() {
      const drawn = Array.from(counts.keys()).filter((c) => (counts[c] as number) > 0);
      if (drawn.length < 2) return quantities.map(() => undefined);
      const of_chains = (sums_of: Float64Array) => drawn.map((c) => (sums_of[c] as number) / (counts[c] as number));
      return quantities.map((_, q) => {
        const [means, of_squares] = [sums, squares].map((of) => of_chains(of[q] as Float64Array)) as [
          number[],
          number[],
        ];
        const mean = average(means);
        const between = means.reduce((s, m) => s + (m - mean) ** 2, 0) / (means.length - 1);
        const within = average(of_squares) - average(means.map((m) => m * m));
        return { mean, error: Math.sqrt(between / means.length), rhat: Math.sqrt(1 + between / within) };
      });
    },
  };
}

const average = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

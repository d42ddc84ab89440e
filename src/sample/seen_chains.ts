/** Which chains warm-up looks at: all, or of very many 1024 from all over, which is plenty for its few numbers. */

export interface SeenChains {
  count: number;
  /** Neighbouring chains, copied together; their counts add up to `count`. */
  runs: readonly { first: number; count: number }[];
}

const most_seen = 1024;
const run_length = 32;

export const all_chains = (chains: number): SeenChains => ({ count: chains, runs: [{ first: 0, count: chains }] });

/** Runs at equal distances: chains of one superchain are neighbours and share their start, so the first chains would know one start only. */
export function seen_chains(chains: number): SeenChains {
  if (chains <= most_seen) return all_chains(chains);
  const runs = most_seen / run_length;
  return {
    count: most_seen,
    runs: Array.from({ length: runs }, (_, r) => ({ first: Math.floor((r * chains) / runs), count: run_length })),
  };
}

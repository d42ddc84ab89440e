/**
 * Products of kernel density estimates (Neiswanger, Wang and Xing 2014). Multiplied out, a product of M mixtures of n kernels is a
 * mixture over the n^M ways to choose one draw of each shard; a chain over such choices visits them by weight.
 */
import { type Points, points_between } from '../../diagnostics/points.ts';
import { site, type Words, words_at } from '../../random/threefry.ts';

export interface IndexChain {
  /** [dimension] mean of the chosen draws; a view that moves with the chain. */
  readonly mean: Float64Array;
  /** Goes once through the shards at kernel width h; returns how many choices were exchanged. */
  sweep(h: number): number;
}

/**
 * One new choice per shard is proposed at random and taken by Metropolis' rule on the log weight
 *
 *     −(1 / 2h²) Σ_b |u_b − ū|² + Σ_b extra_b[choice] + of_mean(|ū|², h)
 *
 * where u_b are the chosen draws and ū their mean. The first part is what M isotropic kernels of width h multiply to.
 *
 * @param extra [shard][draw]
 */
export function create_index_chain(
  shards: readonly Points[],
  key: Words,
  extra: readonly Float64Array[],
  of_mean: (length_squared: number, h: number) => number,
): IndexChain {
  const count = shards.length;
  const dimension = shards[0]?.dimension as number;
  const squares = shards.map((shard) =>
    Float64Array.from({ length: shard.count }, (_, i) => length_squared(row(shard, i))),
  );
  const chosen = shards.map((shard, b) => pick(words_at(key, site.start, 0, b)[0], shard.count));
  const mean = new Float64Array(dimension);
  const proposed = new Float64Array(dimension);
  let sweeps = 0;
  const start_sweep = () => {
    // Afresh every time, so that rounding errors do not add up over a run.
    mean.fill(0);
    shards.forEach((shard, b) => {
      const at = chosen[b] as number;
      row(shard, at).forEach((u, j) => {
        mean[j] = (mean[j] as number) + u / count;
      });
    });
  };
  start_sweep();
  return {
    mean,
    sweep(h) {
      let exchanged = 0;
      start_sweep();
      shards.forEach((shard, b) => {
        const [which, accept] = words_at(key, site.propose, sweeps, b);
        const before = chosen[b] as number;
        const after = pick(which, shard.count);
        for (let j = 0; j < dimension; j++) {
          const step =
            (shard.values[after * dimension + j] as number) - (shard.values[before * dimension + j] as number);
          proposed[j] = (mean[j] as number) + step / count;
        }
        const [old_mean, new_mean] = [length_squared(mean), length_squared(proposed)];
        const square = (squares[b]?.[after] as number) - (squares[b]?.[before] as number);
        const log_ratio =
          -(square - count * (new_mean - old_mean)) / (2 * h * h) +
          (extra[b]?.[after] as number) -
          (extra[b]?.[before] as number) +
          of_mean(new_mean, h) -
          of_mean(old_mean, h);
        if (Math.log((accept + 0.5) * 2 ** -32) < log_ratio) {
          chosen[b] = after;
          mean.set(proposed);
          exchanged++;
        }
      });
      sweeps++;
      return exchanged;
    },
  };
}

/** A number below `count` from a random word: biased by less than count / 2³². */
const pick = (word: number, count: number) => Math.floor(word * 2 ** -32 * count);

const row = (points: Points, i: number) => points_between(points, i, i + 1).values;

function length_squared(x: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < x.length; j++) sum += (x[j] as number) ** 2;
  return sum;
}

/** Shards from NumPy's files: [draw][parameter] is one shard, [shard][draw][parameter] are several. */
import type { NpyArray } from '../../data/npy.ts';
import { points_between } from '../../diagnostics/points.ts';
import { UserError } from '../../model/user_error.ts';
import type { Shard } from './shard.ts';

/** Throws UserError naming the file. */
export function shards_from_npy({ shape, values }: NpyArray, path: string): Shard[] {
  if (shape.length === 1) {
    throw new UserError(
      `${path} has one dimension, of ${shape[0]} numbers; a shard is [draw][parameter].\nSave array.reshape(-1, 1) for one parameter.`,
    );
  }
  const [shards, count, dimension] = (shape.length === 2 ? [1, ...shape] : shape) as [number, number, number];
  if (dimension === 0) throw new UserError(`${path} has no parameters: its shape is ${shape.join(' × ')}.`);
  const all = { count: shards * count, dimension, values };
  return Array.from({ length: shards }, (_, s) => ({
    name: shape.length === 2 ? path : `${path}, shard ${s + 1}`,
    points: points_between(all, s * count, (s + 1) * count),
    chains: 1,
  }));
}

/** The draws of a shard in random order. */
import type { Points } from '../../diagnostics/points.ts';
import { permutation_at } from '../../random/normals.ts';
import { site, type Words, words_at } from '../../random/threefry.ts';

/**
 * Index of the i-th draw to take from shard number `s`, for i = 0, 1, … in this order: every draw once in random order, then every draw once
 * more in another, and so on. Each shard has a key of its own, since draws of the same place may belong together: chains that ran
 * from one seed, or that drift alike.
 */
export function shuffled_draws({ count }: Points, s: number, key: Words): (i: number) => number {
  const shard_key = words_at(key, site.filter_key, 0, s);
  let pass = -1;
  let order: Uint32Array = new Uint32Array();
  return (i) => {
    if (Math.floor(i / count) !== pass) {
      pass = Math.floor(i / count);
      order = permutation_at(shard_key, site.resample, pass, count);
    }
    return order[i % count] as number;
  };
}

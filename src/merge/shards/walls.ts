/** Columns whose draws stand against a wall at 0 or at 1, as those of parameters with bounds do: scales, rates, probabilities. */
import { mean, variance } from '../../diagnostics/moments.ts';
import { column } from '../../diagnostics/points.ts';
import { incomplete_gamma } from '../../model/incomplete_gamma.ts';
import { effective_draws, type Shard, type ShardSet } from './shard.ts';

export interface Wall {
  parameter: string;
  /** Where the parameter is in the draws. */
  index: number;
  at: 0 | 1;
}

/** Draws beyond the wall that a Gaussian of the same mean and sd would have: so many, and none seen, is chance in e^−10 = 5e-5 of cases. */
const EXPECTED_BEYOND = 10;
/** Of a shard near a wall: sds between its mean and the wall, and skewness away from it. */
const NEAR = { distance: 5, skewness: 0.3, errors: 4 };

/** At 0 where every draw is above it, at 1 where every draw is between 0 and 1; of each only where it shapes the draws of some shard. */
export function find_walls({ names, shards }: ShardSet): Wall[] {
  return names.flatMap((parameter, index) => {
    const columns = shards.map(({ points }) => column(points, index));
    const all = (is: (x: number) => boolean) => columns.every((values) => values.every(is));
    if (!all((x) => x > 0)) return [];
    const walls: Wall[] = [];
    const stands = (at: 0 | 1) => shards.some((shard, b) => stands_against(shard, columns[b] as Float64Array, at));
    if (stands(0)) walls.push({ parameter, index, at: 0 });
    if (all((x) => x < 1) && stands(1)) walls.push({ parameter, index, at: 1 });
    return walls;
  });
}

function stands_against(shard: Shard, values: Float64Array, at: 0 | 1): boolean {
  const inward = at === 0 ? values : values.map((x) => 1 - x);
  const center = mean(inward);
  const sd = Math.sqrt(variance(inward, center));
  const distance = center / sd;
  const worth = effective_draws(shard, values);
  if (0.5 * incomplete_gamma(0.5, 0.5 * distance * distance).above * worth > EXPECTED_BEYOND) return true;
  const skewness = mean(inward.map((x) => ((x - center) / sd) ** 3));
  return distance < NEAR.distance && skewness > NEAR.skewness && skewness > NEAR.errors * Math.sqrt(6 / worth);
}

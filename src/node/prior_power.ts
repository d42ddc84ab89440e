/** `--prior-power 1/8`: the priors of one shard of eight. */

import { UserError } from '../model/user_error.ts';
import type { Options } from './options.ts';

export const prior_power_option = {
  'prior-power': {
    kind: 'text',
    value: 'P',
    help: 'samples prior^P × likelihood, P a fraction or a decimal in (0, 1]: 1/8 for one of 8 shards of the data (default 1)',
  },
} as const;

/** Undefined where none is given. Throws UserError for anything that is no power. */
export function prior_power_of(options: Options): number | undefined {
  const given = options.text('prior-power');
  if (given === undefined) return undefined;
  const [, above, below = '1'] = /^\s*([\d.]+(?:e[+-]?\d+)?)\s*(?:\/\s*([\d.]+))?\s*$/i.exec(given) ?? [];
  const power = above === undefined ? Number.NaN : Number(above) / Number(below);
  if (power > 0 && power <= 1) return power;
  throw new UserError(
    `--prior-power must be a fraction or a decimal above 0 and at most 1, not "${given}".\nFor one of 8 shards write --prior-power 1/8.`,
  );
}

/** `1/8` where it is one over a whole number, else the decimal. */
export function format_prior_power(power: number): string {
  const shards = Math.round(1 / power);
  if (shards === 1 && power === 1) return '1';
  return shards > 1 && Math.abs(power * shards - 1) < 1e-12 ? `1/${shards}` : String(power);
}

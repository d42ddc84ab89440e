/** What a built-in example of a latent SDE is: data that are simulated, settings, and what is true of them. */

import type { Words } from '../../random/threefry.ts';
import type { SdeConfig } from '../config.ts';
import type { Series } from '../series.ts';

export interface SdeExample {
  name: string;
  what: string;
  /** What time is called, and its unit. */
  time: string;
  channels: readonly string[];
  config: SdeConfig;
  /** Part of the series, at its end, that is withheld unless something else is asked for. */
  hold_out?: number;
  simulate(key: Words): Simulated;
  /** f(z) in the data's units; absent where the state is not known as such. */
  drift?(z: ArrayLike<number>): number[];
  /** In the data's units. */
  truth?: {
    /** [component] */
    diffusion?: readonly number[];
    /** [channel] sd. */
    noise?: readonly number[];
    /** Of a drift with parameters. */
    parameters?: Readonly<Record<string, number>>;
  };
}

export interface Simulated {
  series: Series;
  /** [time][component] of the true state; absent where it is not known as such. */
  states?: Float64Array;
}

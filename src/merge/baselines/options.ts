/** What every baseline is asked for. */
import type { Words } from '../../random/threefry.ts';

export interface BaselineOptions {
  /** How many merged draws. */
  draws: number;
  key: Words;
}

/** Data sets that can be named in place of a CSV file. */

import { eight_schools } from './eight_schools.ts';
import { influenza_1978 } from './influenza_1978.ts';
import { portable_lgssm } from './portable_lgssm.ts';

export interface BuiltInData {
  /** By name; all of one length; one row per time step, or per row of a log-density model. */
  columns: Readonly<Record<string, readonly number[]>>;
  source: string;
  description: string;
}

function lgssm_data(steps: number): BuiltInData {
  return {
    description: `${steps} observations of lgssm with mu 0.75, phi 1, sigma 1; exact posterior known`,
    source: 'made from an integer hash, the same in every language',
    columns: { y: portable_lgssm(steps) },
  };
}

export const built_in_data: Readonly<Record<string, BuiltInData>> = {
  'influenza-1978': influenza_1978,
  'lgssm-100': lgssm_data(100),
  'lgssm-500': lgssm_data(500),
  'eight-schools': eight_schools,
};

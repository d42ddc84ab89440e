/** State-space models with data to learn them from. */

import { built_in_data } from '../../../model/catalog/data/index.ts';
import { built_in_model } from '../../../model/resolve.ts';
import type { StateSpaceModel } from '../../../model/types.ts';
import { simulated } from './volatility_data.ts';

export interface Problem {
  label: string;
  /** Absent: the person's own. */
  model?: () => StateSpaceModel;
  /** As `--data` takes it; or texts of its own. What an own model has until a CSV is dropped. */
  data: string;
  columns: () => Record<string, Float64Array>;
  files?: () => Record<string, string>;
}

const built_in = (name: string) => () =>
  Object.fromEntries(
    Object.entries(built_in_data[name]?.columns ?? {}).map(([column, values]) => [column, Float64Array.from(values)]),
  );

export const problems: Readonly<Record<string, Problem>> = {
  influenza: {
    label: 'influenza 1978: SIR',
    model: () => built_in_model('sir'),
    ...{ data: 'influenza-1978', columns: built_in('influenza-1978') },
  },
  lgssm: {
    label: 'linear Gaussian',
    model: () => built_in_model('lgssm'),
    ...{ data: 'lgssm-100', columns: built_in('lgssm-100') },
  },
  volatility: {
    label: 'stochastic volatility',
    model: () => built_in_model('stochastic-volatility'),
    data: 'returns.csv',
    columns: () => ({ y: simulated() }),
    files: () => ({ 'returns.csv': `y\n${Array.from(simulated()).join('\n')}\n` }),
  },
  own: { label: 'your own', data: 'lgssm-100', columns: built_in('lgssm-100') },
};

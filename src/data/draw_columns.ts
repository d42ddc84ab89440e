/**
 * What the columns of a draws file are. Files of ours begin with chain, draw and weight; what the sampler says of each
 * transition has Stan's names, which end with __ and so are never a parameter's; R's `posterior` marks its own columns with
 * a dot in front. Marked columns count wherever they stand.
 */

/** What a sampler says of each transition: by its name in the InferenceData schema, its column in Stan's files and ours. */
export const SAMPLER_COLUMNS = {
  lp: 'lp__',
  acceptance_rate: 'accept_stat__',
  step_size: 'stepsize__',
  tree_depth: 'treedepth__',
  /** Leapfrog steps, each of which costs one gradient. */
  n_steps: 'n_leapfrog__',
  diverging: 'divergent__',
  energy: 'energy__',
  /** Not among Stan's. */
  energy_error: 'energy_error__',
} as const;
export type SamplerColumn = keyof typeof SAMPLER_COLUMNS;

export const sampler_column_names = Object.keys(SAMPLER_COLUMNS) as SamplerColumn[];

export type ColumnRole = 'chain' | 'draw' | 'weight' | 'parameter' | 'ignored' | { sampler: SamplerColumn };

const PLAIN: readonly string[] = ['chain', 'draw', 'weight'] satisfies ColumnRole[];
const DOTTED: Record<string, ColumnRole> = { '.chain': 'chain', '.iteration': 'ignored', '.draw': 'draw' };

/**
 * One role per column. The plain names `chain`, `draw` and `weight` count only once each and only before the first
 * parameter, so that a model may have a parameter of that name.
 */
export function column_roles(names: readonly string[]): ColumnRole[] {
  const taken = new Set<string>();
  let leading = true;
  return names.map((name) => {
    if (name === '') return 'ignored';
    if (name.endsWith('__')) {
      const sampler = sampler_column_names.find((known) => SAMPLER_COLUMNS[known] === name);
      return sampler === undefined ? 'ignored' : { sampler };
    }
    if (Object.hasOwn(DOTTED, name)) return DOTTED[name] as ColumnRole;
    if (leading && PLAIN.includes(name) && !taken.has(name)) {
      taken.add(name);
      return name as ColumnRole;
    }
    leading = false;
    return 'parameter';
  });
}

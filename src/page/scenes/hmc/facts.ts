/** What the diagnostics say of a sampler's draws, a line each. */

import type { DrawsFile } from '../../../data/draws_file.ts';
import type { ChainStatistics } from '../../../diagnostics/chain_statistics.ts';
import type { Fact } from '../../view/panel_box.ts';

/** By name of a parameter. */
export type Statistics = (name: string) => Pick<ChainStatistics, 'mean' | 'mcse' | 'sd' | 'ess_mean' | 'rhat'>;

/** @param names of parameters that are told of @param chains of the run, of which `draws` may have some */
export function chain_facts(
  draws: DrawsFile,
  { names, statistics, chains }: { names: readonly string[]; statistics: Statistics; chains: number },
): Fact[] {
  const { n_steps, acceptance_rate, diverging } = draws.sampler;
  const total = (columns: readonly Float64Array[] | undefined) =>
    (columns ?? []).reduce((sum, column) => sum + column.reduce((a, b) => a + b, 0), 0);
  const count = draws.chains * draws.draws;
  const found = names.map((name) => ({ name, ...statistics(name) }));
  const per_gradient = Math.min(...found.map((s) => s.ess_mean)) / Math.max(1, total(n_steps));
  return [
    ...(draws.chains < chains ? [['so far', `of the first ${draws.chains} chains`] satisfies Fact] : []),
    ...found.map(
      (s): Fact => [
        s.name,
        `${s.mean.toFixed(3)} ± ${s.mcse.toPrecision(2)}, sd ${s.sd.toFixed(3)}; ESS ${s.ess_mean.toFixed(0)}, R-hat ${s.rhat.toFixed(3)}`,
      ],
    ),
    ['ESS per gradient', per_gradient.toPrecision(2)],
    ['acceptance', (total(acceptance_rate) / count).toFixed(3)],
    ['steps per draw', (total(n_steps) / count).toPrecision(3)],
    ['divergences', String(total(diverging))],
  ];
}

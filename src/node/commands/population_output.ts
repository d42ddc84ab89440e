/** What `langevin population` says of its run, and the files that it writes. */

import type { DrawsSummary } from '../../data/draws_summary.ts';
import type { Summary } from '../../data/summary.ts';
import type { AdapterDescription } from '../../gpu/device.ts';
import { draws_of, type PopulationResult, worst_inflation } from '../../population/judgement.ts';
import type { FileContent } from '../output.ts';
import { sample_files } from './sample_output.ts';
import { finite } from './sample_summary.ts';

export function population_summary(
  result: PopulationResult,
  judged: DrawsSummary,
  { adapter, started }: { adapter: AdapterDescription; started: number },
): Summary {
  const { spec, model, watched, finals, command, version } = result;
  const { anchor: _anchor, ...settings } = spec;
  const inflated = worst_inflation(result);
  return {
    ...{ langevin: version, command, model: model.name, adapter: { ...adapter }, seed: spec.seed },
    seconds: { total: (performance.now() - started) / 1000 },
    parameters: Object.fromEntries(Array.from(judged.parameters, ([name, p]) => [name, finite(p)])),
    warnings: judged.warnings,
    population: {
      ...settings,
      control_variates: spec.anchor !== undefined,
      ...(inflated === undefined ? {} : { staleness: { delay: spec.delay, inflation: inflated, budget: spec.budget } }),
      met: watched.board.met,
      exchanged: watched.board.exchanged,
      of_ranks: finals.map((told) => ({
        ...told,
        holders: watched.board.seats[told.rank]?.epoch ?? 0,
      })),
    },
  };
}

export const population_files = (
  summary: Summary,
  judged: DrawsSummary,
  { gathered }: PopulationResult,
): Promise<Record<string, FileContent>> => sample_files(summary, judged, draws_of(gathered), undefined);

/** The files that `langevin sample` writes: summary, draws, the ArviZ file and the report. */

import { as_draws } from '../../data/as_draws.ts';
import { type Draws, draws_text } from '../../data/draws.ts';
import type { DrawsFile } from '../../data/draws_file.ts';
import { write_draws_report } from '../../data/draws_report.ts';
import type { DrawsSummary } from '../../data/draws_summary.ts';
import { largest_posterior, write_posterior } from '../../data/netcdf.ts';
import { type Summary, write_summary } from '../../data/summary.ts';
import type { Evaluated } from '../../sample/evaluate.ts';
import type { FileContent } from '../output.ts';
import { version } from '../version.ts';
import { density_files } from './sample_densities.ts';

/** More than so much goes to draws.csv alone. */
export const posterior_fits = ({ chains, draws, parameters, sampler }: DrawsFile) =>
  4 * chains * draws * (parameters.size + Object.keys(sampler).length) <= largest_posterior;

export async function sample_files(
  summary: Summary,
  judged: DrawsSummary,
  draws: DrawsFile,
  densities: Evaluated | undefined,
): Promise<Record<string, FileContent>> {
  const posterior = as_draws(draws);
  return {
    'summary.json': write_summary(summary),
    'draws.csv': draws_text(posterior),
    ...(densities === undefined ? {} : density_files(densities)),
    ...(posterior_fits(draws) ? { 'posterior.nc': await posterior_file(posterior, summary) } : {}),
    'report.html': write_draws_report(judged, draws, summary),
  };
}

const posterior_file = (posterior: Draws, summary: Summary) =>
  write_posterior({
    posterior,
    created_at: new Date().toISOString(),
    version,
    attributes: {
      model: summary.model,
      adapter: summary.adapter.name,
      seed: summary.seed,
      sampling_time: summary.seconds.total,
      command: summary.command.join(' '),
    },
  });

/** What is said of draws, computed beside the page: of hundreds of chains it takes seconds. */

import type { DrawsFile } from '../../data/draws_file.ts';
import type { summarize_draws } from '../../data/draws_summary.ts';
import { aside } from './aside.ts';

export const summarize_aside = (
  signal: AbortSignal,
  draws: DrawsFile,
  run: Parameters<typeof summarize_draws>[1],
): Promise<ReturnType<typeof summarize_draws>> => aside(signal, 'summarize_draws', as_sent(draws), run);

/** Columns that are made as they are asked for cannot be sent. */
const as_sent = (draws: DrawsFile): DrawsFile => ({
  ...draws,
  parameters: new Map(draws.parameters),
  sampler: { ...draws.sampler },
});

/** What `langevin smc2` says of its run: `summary.json`, from which table and report are made. */

import type { Summary } from '../../data/summary.ts';
import type { AdapterDescription } from '../../gpu/device.ts';
import { format_prior } from '../../model/prior_text.ts';
import type { Smc2Options, Smc2Result } from '../../smc2/options.ts';
import { smc2_warnings } from '../../smc2/warnings.ts';
import { version } from '../version.ts';

interface SummaryInput {
  settings: Smc2Options;
  result: Smc2Result;
  command: string[];
  adapter: AdapterDescription;
  /** `performance.now()` when the run began. */
  started: number;
}

export function smc2_summary({ settings, result, command, adapter, started }: SummaryInput): Summary {
  const { iterations, parameters, log_evidence } = result;
  const last = iterations.at(-1);
  return {
    langevin: version,
    command,
    model: settings.model.name,
    adapter: { ...adapter },
    seed: settings.seed,
    seconds: { total: (performance.now() - started) / 1000 },
    parameters: Object.fromEntries(Object.entries(parameters).map(([name, p]) => [name, { ...p }])),
    log_evidence,
    warnings: smc2_warnings(settings, result),
    smc2: {
      thetas: settings.thetas,
      particles: settings.particles,
      proposal: settings.proposal,
      correction: settings.correction,
      l_kernel: settings.correction === 'weight' ? settings.l_kernel : '',
      filter_proposal: settings.filter_proposal ?? '',
      gradient_blend: settings.blend,
      noise: settings.noise,
      priors: Object.fromEntries(settings.model.scalars.map(({ name, prior }) => [name, format_prior(prior)])),
      families: result.families,
      likelihood_sd: result.likelihood_sd,
      iterations: iterations.map((i) => ({
        k: i.k,
        phase: i.phase,
        lambda: i.lambda,
        // The lower of before resampling and after the move: after resampling it says nothing.
        ess: Math.min(i.ess, i.tempered_ess),
        distinct_ancestors: i.families,
        distinct_parents: i.distinct,
        step: i.step,
        kept: i.kept,
        accepted: i.accepted,
        refreshed: i.refreshed,
        log_evidence: i.log_evidence,
        // In unconstrained space, where the population moves.
        spread: i.sd.map((sd, p) => sd / Math.max(1e-12, last?.sd[p] ?? sd)),
        resampled: i.resampled,
      })),
    },
  };
}

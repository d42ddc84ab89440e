/** What `langevin smc2` says of its run: `summary.json`, from which table and report are made. */

import type { Summary } from '../../data/summary.ts';
import { most_particles } from '../../filter/bank.ts';
import type { AdapterDescription } from '../../gpu/device.ts';
import { format_prior } from '../../model/prior_text.ts';
import type { Smc2Options, Smc2Result } from '../../smc2/options.ts';
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
    warnings: warnings(settings, result),
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

function warnings({ thetas, particles, iterations }: Smc2Options, result: Smc2Result): string[] {
  const list: string[] = [];
  const faults = result.iterations.reduce((n, i) => n + i.faults, 0);
  if (faults > 0)
    list.push(
      `${faults} log-weights or gradients were NaN or infinite and count as zero; look at the model's arithmetic.`,
    );
  if (result.families < 20)
    list.push(
      `only ${result.families.toFixed(1)} effective families of particles are left, so the errors in the table are themselves uncertain; use more thetas or more particles.`,
    );
  const posterior = result.iterations.filter((i) => i.phase === 'posterior');
  const lowest = Math.min(...posterior.map((i) => i.ess));
  if (lowest < 0.1 * thetas)
    list.push(
      `the effective sample size fell to ${lowest.toFixed(0)} of ${thetas} thetas; the likelihood estimates are noisy, and more particles would help.`,
    );
  const accepted = posterior.reduce((sum, i) => sum + i.accepted, 0) / Math.max(1, posterior.length);
  if (accepted < 0.02)
    list.push(
      `almost no move was accepted (${(100 * accepted).toFixed(1)} %), so the draws are little more than copies; use more thetas or particles, or a smaller --step.`,
    );
  const noise = result.likelihood_sd;
  if (noise > 2)
    list.push(
      `one filter's log-likelihood has sd ${noise.toFixed(1)} at the posterior mean; about 1 is good. Try --particles ${Math.min(most_particles, Math.ceil((particles * noise ** 2) / 64) * 64)}.`,
    );
  const rough = Object.entries(result.parameters).filter(([, p]) => p.mcse > 0.1 * p.sd);
  if (rough.length > 0)
    list.push(
      `Monte Carlo error above a tenth of the sd for ${rough.map(([name]) => name).join(', ')}; more iterations or thetas would help.`,
    );
  if (result.interrupted) list.push(`interrupted after ${result.records.length} of ${iterations} posterior moves.`);
  return list;
}

/** What a person should doubt of a run, in words. */

import { most_particles } from '../filter/bank.ts';
import type { Smc2Options, Smc2Result } from './options.ts';

export function smc2_warnings({ thetas, particles, iterations }: Smc2Options, result: Smc2Result): string[] {
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

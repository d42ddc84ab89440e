/** SMC² on the problem that the package smcx publishes times for: one move at the full posterior, and how far its log-evidence is from the exact one. */

import { exact_log_evidence, unknown_ar, unknown_ar_data } from '../models/unknown_ar.ts';
import type { Context } from '../subject.ts';
import { row_of } from './row.ts';
import { type Smc2Work, type TimedRun, time_cold } from './run.ts';

/** Times of smcx on another machine, for the same numbers of particles. Not measured by us and not on this device, so only named. */
const published = [
  { size: 512, seconds: 0.57, software_runs: 3 },
  { size: 1024, seconds: 2.85, software_runs: 1 },
] as const;

const label = 'SMC², unknown AR coefficient';

export async function time_published_problem(context: Context): Promise<void> {
  const is_software = context.device.adapter.kind === 'software';
  for (const { size, seconds, software_runs } of published) {
    if (is_software && context.quick) {
      context.skip(`${label}, ${size} × ${size}`, 'a quick run on a software adapter');
      continue;
    }
    const work: Smc2Work = {
      model: unknown_ar,
      observations: unknown_ar_data,
      thetas: size,
      particles: size,
      moves: 1,
      seed: 1,
    };
    const runs: TimedRun[] = [];
    const count = is_software ? software_runs : 5;
    for (let seed = 1; seed <= count; seed++) runs.push(await time_cold(context.open_device, { ...work, seed }));
    const note = `smcx publishes ${seconds} s for this problem and size, measured on an Apple M3 Pro's GPU: another machine, another day`;
    context.report(row_of(label, work, runs, note));
    const errors = runs.map(({ result }) => Math.abs(result.log_evidence.value - exact_log_evidence.rounded));
    const worst = Math.max(...errors);
    context.find({
      label: `${label}, ${size} × ${size}: worst distance of the log-evidence from the exact ${exact_log_evidence.rounded}, of all runs`,
      value: worst,
      standard_error: Math.max(...runs.map(({ result }) => result.log_evidence.se)),
      wanted: 'at most 0.1',
      met: worst <= 0.1,
    });
  }
}

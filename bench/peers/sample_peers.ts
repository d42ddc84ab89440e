/** The samplers that other tools have, on the same rows, each found on this machine or skipped. */

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Peers } from '../subject.ts';
import { run_program } from './run_program.ts';
import type { SampleAnswer, SampleProblem } from './sample_types.ts';

/** @param limit_seconds after which a tool is stopped; undefined: 900, quick 300 */
export const sample_peers = (limit_seconds?: number): Pick<Peers, 'sample'> => ({
  sample: async (problem) => [await run_rstan(problem, limit_seconds)],
});

const packages = ['rstan', 'posterior', 'jsonlite'];

/** Whether `Rscript` is there with the packages that rstan/nuts.R reads. Looks for them only: to load rstan takes seconds. */
export function find_rstan(rscript = 'Rscript'): { missing: string } | undefined {
  const quoted = packages.map((name) => `"${name}"`).join(', ');
  const look = `quit(status = as.integer(!all(nzchar(sapply(c(${quoted}), function(p) system.file(package = p))))))`;
  const { status } = spawnSync(rscript, ['-e', look], { stdio: 'ignore', timeout: 60_000 });
  if (status === 0) return undefined;
  const debian = packages.map((name) => `r-cran-${name}`).join(' ');
  return {
    missing: `${rscript} with ${packages.join(', ')} not found. To compare: apt-get install ${debian}.`,
  };
}

/** NUTS of rstan/nuts.R on one core. The compiled model is kept in runs/, which git ignores. */
export async function run_rstan({ rows, quick }: SampleProblem, limit_seconds?: number): Promise<SampleAnswer> {
  const tool = 'rstan';
  const lacking = find_rstan();
  if (lacking) return { tool, skipped: lacking.missing };
  const folder = mkdtempSync(join(tmpdir(), 'langevin-peer-'));
  try {
    const data = join(folder, 'rows.csv');
    writeFileSync(data, csv_of(rows));
    const cache = fileURLToPath(new URL('../../runs/bench/rstan', import.meta.url));
    mkdirSync(cache, { recursive: true });
    const program = fileURLToPath(new URL('./rstan/nuts.R', import.meta.url));
    const count = quick ? 500 : 2500;
    const settings = [`data=${data}`, 'chains=4', 'warmup=1000', `draws=${count}`, `cache=${cache}`];
    const { output, failure } = await run_program(
      ['Rscript', program, ...settings],
      limit_seconds ?? (quick ? 300 : 900),
    );
    return failure === undefined ? read_rstan(output) : { tool, skipped: failure };
  } catch (error) {
    return { tool, skipped: `failed: ${(error as Error).message}` };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function csv_of(rows: SampleProblem['rows']): string {
  const names = ['y', ...Array.from({ length: (rows[0]?.length ?? 1) - 1 }, (_, i) => `x[${i}]`)];
  return [names, ...rows].map((row) => `${row.join(',')}\n`).join('');
}

/** The line that nuts.R prints. Throws where it is none. */
export function read_rstan(output: string): SampleAnswer {
  const found = JSON.parse(output.trim().split('\n').at(-1) ?? '');
  const { version, estimator, seconds, leapfrogs, ess_min, mean, sd, ess_per_second } = found;
  return {
    tool: 'rstan',
    version,
    device: 'cpu',
    threads: 1,
    gradients: leapfrogs.sampling,
    seconds: seconds.sampling,
    ess: ess_min,
    mean,
    sd,
    note: `${found.microseconds_per_leapfrog.toFixed(1)} µs per gradient, NUTS, ${found.metric}, δ ${found.delta}; worse of θ and θ² by ${estimator}: ${ess_per_second.sampling.toFixed(0)} per second, with warm-up ${ess_per_second.total.toFixed(0)}`,
  };
}

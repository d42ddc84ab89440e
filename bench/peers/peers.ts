/**
 * Runs the other tools on a filter problem, one after another, each in a process of its own that gets a folder of files (problem_files.ts). A tool that is missing, fails or takes too
 * long gives an answer that says so in `skipped`, so that a table shows the line.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type PeerRequest, read_answer, write_request } from './problem_files.ts';
import { run_program } from './run_program.ts';
import { find_tool, type Tool, tools } from './tools.ts';
import type { FilterProblem, PeerAnswer } from './types.ts';

export interface PeerOptions {
  /** Timed repeats; default 5, quick 3. */
  repeats?: number;
  /** Leave out variants that take long to prepare. */
  quick?: boolean;
  /** A small problem to judge agreement by (compare.ts). */
  check?: FilterProblem;
  /** After so many seconds a tool is stopped; default 900, quick 300. */
  limit_seconds?: number;
}

/** Tools that leave the CPU's threads to us answer twice on a CPU: on all of them, and on one. A tool without gradients is not run where the problem asks for one. */
export async function* run_filter_peers(problem: FilterProblem, options: PeerOptions = {}): AsyncGenerator<PeerAnswer> {
  for (const tool of tools) {
    if (problem.gradient !== 'none' && !tool.gradient) {
      yield skipped(tool, value_only);
      continue;
    }
    const answer = await run_tool(tool, problem, options);
    yield answer;
    if (tool.one_thread && answer.threads !== undefined && answer.threads > 1) {
      yield await run_tool(tool, problem, options, 1);
    }
  }
}

export async function run_tool(
  tool: Tool,
  timed: FilterProblem,
  { repeats, quick = false, check, limit_seconds }: PeerOptions = {},
  threads?: number,
): Promise<PeerAnswer> {
  const found = find_tool(tool);
  if ('missing' in found) return skipped(tool, found.missing);
  const request: PeerRequest = { timed, check, repeats: repeats ?? (quick ? 3 : 5), quick, threads };
  const folder = mkdtempSync(join(tmpdir(), 'langevin-peer-'));
  try {
    write_request(folder, request);
    const program = fileURLToPath(new URL(tool.program, import.meta.url));
    const { failure } = await run_program([...found.command, program, folder], limit_seconds ?? (quick ? 300 : 900));
    return failure === undefined ? read_answer(folder, tool.name, request) : skipped(tool, failure);
  } catch (error) {
    return skipped(tool, `failed: ${(error as Error).message}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Why a tool has no time beside a gradient. */
export const value_only = 'value only';

const skipped = (tool: Tool, why: string): PeerAnswer => ({
  tool: tool.name,
  version: '',
  device: '',
  seconds: [],
  log_likelihood: new Float32Array(0),
  skipped: why,
});

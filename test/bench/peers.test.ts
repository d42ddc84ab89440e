// The peers' plumbing: problems and answers through files, and what becomes of a tool that is missing, fails, is ended or takes too long. Then each tool that is found here, on the check problem: the
// acceptance is compare.ts's own part 1 and its derivation. Those tests need the tool; without it they check the line that says so, and so pass everywhere.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { check_size, compare_closely } from '../../bench/peers/compare.ts';
import { make_problem, type ProblemSize } from '../../bench/peers/make_problem.ts';
import { create_problem_bank } from '../../bench/peers/ours.ts';
import { run_filter_peers, run_tool } from '../../bench/peers/peers.ts';
import { read_answer, read_request, write_answer, write_request } from '../../bench/peers/problem_files.ts';
import { find_tool, type Tool, tools } from '../../bench/peers/tools.ts';
import type { FilterValues } from '../../bench/peers/types.ts';
import { site, words_at } from '../../src/random/threefry.ts';
import { use_device } from '../device.ts';
import { noise_at } from '../reference/particle_filter.ts';

const device = use_device();

const folders: string[] = [];
function new_folder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'langevin-test-peers-'));
  folders.push(folder);
  return folder;
}
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

const small: ProblemSize = { model: 'sir', filters: 5, particles: 7, steps: 3, gradient: 'carried', seed: 11 };

describe('a problem', () => {
  it.each(['lgssm', 'sir'] as const)('has the noise and the bits that a filter with its keys draws: %s', (model) => {
    const { noise, uniforms, keys, particles, steps, filters } = make_problem({ ...small, model });
    const width = noise.length / ((steps + 1) * particles);
    expect(width).toBe(model === 'lgssm' ? 1 : 8);
    for (let t = 0; t <= steps; t++) {
      for (let j = 0; j < particles; j++) {
        const at = (t * particles + j) * width;
        const drawn = noise_at([small.seed as number, 1], t === 0 ? site.initial : site.transition, t, j, width);
        expect([...noise.subarray(at, at + width)]).toEqual(drawn);
      }
    }
    for (let t = 1; t <= steps; t++) {
      for (let f = 0; f < filters; f++) {
        const key = [keys[2 * f] as number, keys[2 * f + 1] as number] as const;
        expect(uniforms[t * filters + f]).toBe(words_at(key, site.resample, t, 0)[0]);
      }
    }
  });

  it('comes back from its files as it was', () => {
    const request = {
      timed: make_problem(small),
      check: make_problem({ ...small, model: 'lgssm', gradient: 'none' }),
      repeats: 4,
      quick: true,
      threads: 1,
    };
    const folder = new_folder();
    write_request(folder, request);
    expect(read_request(folder)).toEqual(request);
  });

  it('gets its answer back from the files, and refuses one of the wrong size', () => {
    const request = { timed: make_problem(small), repeats: 1, quick: false };
    const folder = new_folder();
    write_request(folder, request);
    const values = {
      log_likelihood: Float32Array.of(-1, -2, -3, -4, -5.5),
      gradient: Float32Array.from({ length: 15 }, (_, i) => i / 3),
    };
    const facts = { version: '1.2', device: 'cpu', threads: 2, seconds: [0.5, 0.25], note: 'by hand' };
    write_answer(folder, facts, values);
    expect(read_answer(folder, 'a tool', request)).toEqual({ tool: 'a tool', ...facts, ...values });
    write_answer(folder, facts, { log_likelihood: Float32Array.of(1, 2) });
    expect(() => read_answer(folder, 'a tool', request)).toThrow('2 log-likelihoods of 5');
  });
});

it('a tool without gradients is not run where the problem asks for one', async () => {
  const names: string[] = [];
  for await (const { tool, skipped } of run_filter_peers(make_problem({ ...small, model: 'lgssm' }), {
    quick: true,
    repeats: 1,
    limit_seconds: 0.001,
  })) {
    if (skipped === 'value only') names.push(tool);
  }
  expect(names).toEqual(tools.filter(({ gradient }) => !gradient).map(({ name }) => name));
});

describe('a tool that gives no answer says why', () => {
  const timed = make_problem(small);
  /** A tool of Node with a program of the test's own. */
  function tool_of(program: string, modules: string[] = []): Tool {
    const path = join(new_folder(), 'program.mjs');
    writeFileSync(path, program);
    return {
      name: 'broken',
      program: path,
      language: 'node',
      modules,
      install: 'get it',
      gradient: true,
      one_thread: false,
    };
  }

  it.each([
    {
      what: 'missing',
      program: '',
      modules: ['no-such-package'],
      reason: 'no-such-package is not installed. To compare: get it.',
    },
    { what: 'failing', program: 'console.error("first\\nlast line"); process.exit(3)', reason: 'failed: last line' },
    { what: 'failing without a word', program: 'process.exit(3)', reason: 'failed: exit code 3' },
    {
      what: 'ended',
      program: 'process.kill(process.pid, "SIGKILL")',
      reason: 'failed: ended by SIGKILL (too little memory?)',
    },
    { what: 'silent', program: '', reason: /^failed: ENOENT.*answer\.json/ },
    { what: 'endless', program: 'setInterval(() => {}, 1000)', limit_seconds: 2, reason: 'stopped after 2 s' },
  ])('$what', async ({ program, modules, limit_seconds, reason }) => {
    const answer = await run_tool(tool_of(program, modules), timed, limit_seconds ? { limit_seconds } : {});
    expect(answer.skipped).toMatch(reason);
    expect([answer.seconds.length, answer.log_likelihood.length]).toEqual([0, 0]);
  });

  it('when its Python has not the module', async () => {
    const tool: Tool = { ...(tools[0] as Tool), modules: ['no_such_module'], install: 'pip install it' };
    const answer = await run_tool(tool, timed);
    expect(answer.skipped).toMatch(/^no_such_module not found by .*python3.*To compare: pip install it/);
  });
});

/** A tool answers two problems per run, and starting it is what takes long; together these have both models, both estimators and the value alone. */
const pairs = [
  { timed: { model: 'lgssm', gradient: 'fixed-ancestor' }, check: { model: 'sir', gradient: 'carried' } },
  { timed: { model: 'sir', gradient: 'none' }, check: { model: 'lgssm', gradient: 'carried' } },
] as const;
const cases = tools.flatMap((tool) => pairs.map((pair) => ({ tool, ...pair })));

describe.each(cases)('$tool.name, $timed.model $timed.gradient and $check.model $check.gradient', (wanted) => {
  it('runs the very filter that our bank runs', async () => {
    const timed = make_problem({ ...check_size, ...wanted.timed });
    const check = make_problem({ ...check_size, ...wanted.check });
    const found = find_tool(wanted.tool);
    const answer = await run_tool(wanted.tool, timed, { repeats: 1, quick: true, check });
    if ('missing' in found) {
      expect(answer.skipped).toBe(found.missing);
      return;
    }
    expect(answer.skipped).toBeUndefined();
    expect(answer.seconds).toHaveLength(1);
    for (const [problem, theirs] of [[timed, answer] as const, [check, answer.check as FilterValues] as const]) {
      const has_gradient = problem.gradient !== 'none' && wanted.tool.gradient;
      expect(theirs.gradient !== undefined).toBe(has_gradient);
      const { bank, read, destroy } = await create_problem_bank(device(), problem);
      await bank.evaluate(problem.filters);
      const agreement = compare_closely({ problem, ours: await read(), theirs });
      destroy();
      expect(agreement.agrees, agreement.text).toBe(true);
    }
  });
});

/** Problems and answers as files, for tools in another process: one folder per request, the arrays raw and little-endian. Its other side is problem.py. */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FilterProblem, FilterValues, PeerAnswer } from './types.ts';

export interface PeerRequest {
  timed: FilterProblem;
  check?: FilterProblem | undefined;
  repeats: number;
  /** Leave out what takes long to prepare, such as compiling. */
  quick: boolean;
  /** Threads of the CPU; as many as there are when missing. */
  threads?: number | undefined;
}

/** What a tool's program says of itself beside its arrays. */
type Facts = Omit<PeerAnswer, 'tool' | 'check' | keyof FilterValues>;

const little_endian = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

export function write_request(folder: string, { timed, check, repeats, quick, threads }: PeerRequest): void {
  if (!little_endian) throw new Error('the files between the peers are little-endian, and this machine is not');
  const request = { repeats, quick, threads: threads ?? null, check: check !== undefined };
  writeFileSync(join(folder, 'request.json'), JSON.stringify(request));
  write_problem(join(folder, 'timed'), timed);
  if (check) write_problem(join(folder, 'check'), check);
}

export function write_problem(folder: string, problem: FilterProblem): void {
  const { theta, noise, uniforms, keys, observations, ...facts } = problem;
  mkdirSync(folder);
  writeFileSync(join(folder, 'problem.json'), JSON.stringify(facts));
  const arrays = { 'theta.f32': theta, 'noise.f32': noise, 'uniforms.u32': uniforms, 'keys.u32': keys };
  for (const [name, array] of Object.entries(arrays)) writeFileSync(join(folder, name), array);
  writeFileSync(join(folder, 'observations.f32'), Float32Array.from(observations));
}

export function read_problem(folder: string): FilterProblem {
  const facts = JSON.parse(readFileSync(join(folder, 'problem.json'), 'utf8')) as Omit<
    FilterProblem,
    'theta' | 'noise' | 'uniforms' | 'keys' | 'observations'
  >;
  return {
    ...facts,
    theta: new Float32Array(bytes(join(folder, 'theta.f32'))),
    noise: new Float32Array(bytes(join(folder, 'noise.f32'))),
    uniforms: new Uint32Array(bytes(join(folder, 'uniforms.u32'))),
    keys: new Uint32Array(bytes(join(folder, 'keys.u32'))),
    observations: [...new Float32Array(bytes(join(folder, 'observations.f32')))],
  };
}

export function read_request(folder: string): PeerRequest {
  const request = JSON.parse(readFileSync(join(folder, 'request.json'), 'utf8')) as {
    repeats: number;
    quick: boolean;
    threads: number | null;
    check: boolean;
  };
  return {
    repeats: request.repeats,
    quick: request.quick,
    threads: request.threads ?? undefined,
    timed: read_problem(join(folder, 'timed')),
    check: request.check ? read_problem(join(folder, 'check')) : undefined,
  };
}

export function write_answer(folder: string, facts: Facts, timed: FilterValues, check?: FilterValues): void {
  for (const [name, values] of Object.entries({ timed, check })) {
    if (!values) continue;
    writeFileSync(join(folder, name, 'log_likelihood.f32'), values.log_likelihood);
    if (values.gradient) writeFileSync(join(folder, name, 'gradient.f32'), values.gradient);
  }
  writeFileSync(join(folder, 'answer.json'), JSON.stringify(facts));
}

/** Throws when the program left no answer, or one of the wrong size. */
export function read_answer(folder: string, tool: string, { timed, check }: PeerRequest): PeerAnswer {
  const facts = JSON.parse(readFileSync(join(folder, 'answer.json'), 'utf8')) as Facts;
  return {
    tool,
    ...facts,
    ...read_values(join(folder, 'timed'), timed),
    ...(check ? { check: read_values(join(folder, 'check'), check) } : {}),
  };
}

function read_values(folder: string, { filters, theta }: FilterProblem): FilterValues {
  const log_likelihood = new Float32Array(bytes(join(folder, 'log_likelihood.f32')));
  if (log_likelihood.length !== filters) throw new Error(`${log_likelihood.length} log-likelihoods of ${filters}`);
  const gradient = optional_bytes(join(folder, 'gradient.f32'));
  if (gradient && gradient.byteLength !== theta.byteLength) throw new Error('the gradient has the wrong size');
  return gradient ? { log_likelihood, gradient: new Float32Array(gradient) } : { log_likelihood };
}

function bytes(path: string): ArrayBuffer {
  const file = readFileSync(path);
  return file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength) as ArrayBuffer;
}

function optional_bytes(path: string): ArrayBuffer | undefined {
  try {
    return bytes(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

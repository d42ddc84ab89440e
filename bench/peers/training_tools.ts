/** A training in another tool: a folder with request.json and the arrays it names, as little-endian f32; the tool writes answer.json. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { run_program } from './run_program.ts';
import { find_tool, tool_named } from './tools.ts';
import type { TrainAnswer } from './train_types.ts';

export interface Program {
  /** Its name in tools.ts. */
  tool: string;
  /** What the answer is called; absent: the tool's name. */
  called?: string;
  /** Beside this file. */
  file: string;
  /** What only this one is asked. */
  request?: Readonly<Record<string, unknown>>;
}

export interface TrainingRequest {
  programs: readonly Program[];
  request: Readonly<Record<string, unknown>>;
  /** By name: written as NAME.f32. */
  arrays: Readonly<Record<string, readonly Float32Array[]>>;
  /** After which a tool is stopped. */
  limit_seconds: number;
}

const positive = v.pipe(v.number(), v.finite(), v.minValue(0));
const answer_schema = v.strictObject({
  version: v.string(),
  device: v.string(),
  threads: v.exactOptional(v.number()),
  seconds: positive,
  preparation_seconds: positive,
  loss: v.pipe(v.number(), v.finite()),
});

/** One answer for every program; one whose tool is not found, or that fails, is skipped with a reason. */
export async function run_training_tools(training: TrainingRequest): Promise<TrainAnswer[]> {
  const answers: TrainAnswer[] = [];
  for (const { tool, called = tool, file, request } of training.programs) {
    const found = find_tool(tool_named(tool));
    const asked = { ...training, request: { ...training.request, ...request } };
    answers.push({
      tool: called,
      ...('missing' in found ? { skipped: found.missing } : await run_tool(found.command, file, asked)),
    });
  }
  return answers;
}

async function run_tool(
  command: readonly string[],
  file: string,
  { request, arrays, limit_seconds }: TrainingRequest,
): Promise<{ skipped: string } | v.InferOutput<typeof answer_schema>> {
  const folder = mkdtempSync(join(tmpdir(), 'langevin-peer-'));
  try {
    writeFileSync(join(folder, 'request.json'), JSON.stringify(request));
    for (const [name, parts] of Object.entries(arrays)) {
      writeFileSync(
        join(folder, `${name}.f32`),
        Buffer.concat(parts.map((own) => Buffer.from(own.buffer, own.byteOffset, own.byteLength))),
      );
    }
    const program = fileURLToPath(new URL(file, import.meta.url));
    const { failure } = await run_program([...command, program, folder], limit_seconds);
    if (failure !== undefined) return { skipped: failure };
    return v.parse(answer_schema, JSON.parse(readFileSync(join(folder, 'answer.json'), 'utf8')));
  } catch (error) {
    return { skipped: `failed: ${(error as Error).message}` };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

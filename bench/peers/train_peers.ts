/** The same training in other tools, each found on this machine or skipped. A folder holds request.json and rows.f32, [network][row][2d + 1]; the tool writes answer.json. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import type { Peers } from '../subject.ts';
import { run_program } from './run_program.ts';
import { find_tool, type Tool, tools } from './tools.ts';
import type { TrainAnswer, TrainProblem } from './train_types.ts';

const programs: Readonly<Record<string, string>> = { PyTorch: 'torch_train.py', JAX: 'jax_train.py' };

/** @param limit_seconds after which a tool is stopped; undefined: 900, quick 300 */
export const train_peers = (limit_seconds?: number): Pick<Peers, 'train'> => ({
  async train(problem) {
    const answers: TrainAnswer[] = [];
    for (const tool of tools) {
      const program = programs[tool.name];
      if (program !== undefined) answers.push(await run_tool(tool, program, problem, limit_seconds));
    }
    return answers;
  },
});

const positive = v.pipe(v.number(), v.finite(), v.minValue(0));
const answer_schema = v.strictObject({
  version: v.string(),
  device: v.string(),
  threads: v.exactOptional(v.number()),
  seconds: positive,
  preparation_seconds: positive,
  loss: positive,
});

async function run_tool(
  tool: Tool,
  file: string,
  { rows, ...request }: TrainProblem,
  limit_seconds?: number,
): Promise<TrainAnswer> {
  const found = find_tool(tool);
  if ('missing' in found) return { tool: tool.name, skipped: found.missing };
  const folder = mkdtempSync(join(tmpdir(), 'langevin-peer-'));
  try {
    const counts = rows.map((own) => own.length / (2 * request.inputs + 1));
    writeFileSync(join(folder, 'request.json'), JSON.stringify({ ...request, counts }));
    writeFileSync(
      join(folder, 'rows.f32'),
      Buffer.concat(rows.map((own) => Buffer.from(own.buffer, own.byteOffset, own.byteLength))),
    );
    const program = fileURLToPath(new URL(file, import.meta.url));
    const limit = limit_seconds ?? (request.quick ? 300 : 900);
    const { failure } = await run_program([...found.command, program, folder], limit);
    if (failure !== undefined) return { tool: tool.name, skipped: failure };
    const answer = v.parse(answer_schema, JSON.parse(readFileSync(join(folder, 'answer.json'), 'utf8')));
    return { tool: tool.name, ...answer };
  } catch (error) {
    return { tool: tool.name, skipped: `failed: ${(error as Error).message}` };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

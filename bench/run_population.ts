/** Runs a population on ranks of this machine for a benchmark, as `langevin population` does, and says what each rank told at its end. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serialize } from 'node:v8';
import { patient } from '../src/engine/patient.ts';
import { start_broker } from '../src/node/engine/embedded/broker.ts';
import { connect_embedded } from '../src/node/engine/embedded/client.ts';
import { start_local_ranks } from '../src/node/population/local_ranks.ts';
import { finals_of } from '../src/population/judgement.ts';
import { take_lead, watch_run } from '../src/population/lead.ts';
import { begin_run, close_run } from '../src/population/run.ts';
import type { RunPopulation } from './subject.ts';

export const run_population: RunPopulation = async ({ spec, model, rows }) => {
  const folder = mkdtempSync(join(tmpdir(), 'langevin-bench-'));
  const broker = await start_broker(folder);
  const engine = await patient(connect_embedded({ folder }));
  const lead = await take_lead(engine, spec.id, 'bench');
  const columns = (rows[0] ?? []).length;
  const values = Float32Array.from(rows.flat());
  const payload = {
    name: model.name,
    source: model,
    priors: [],
    rows: { count: rows.length, values, columns: model.row },
  };
  if (columns !== model.row.length) throw new Error(`rows of ${columns} numbers for ${model.row.length} columns`);
  await begin_run(engine, spec, serialize(payload));
  const local = start_local_ranks(
    Array.from({ length: spec.ranks }, (_, rank) => ['--folder', folder, '--once', '--rank', String(rank)]),
    (text) => process.stderr.write(`${text}\n`),
  );
  try {
    const signal = new AbortController().signal;
    const watched = await watch_run(engine, spec, { lead, signal, ended: local.ended, on_look: () => {} });
    await close_run(engine.store, spec.id);
    await local.ended;
    return await finals_of(engine.store, spec, watched);
  } finally {
    await local.stop();
    await lead.release();
    await engine.close();
    await broker.close();
    rmSync(folder, { recursive: true, force: true });
  }
};

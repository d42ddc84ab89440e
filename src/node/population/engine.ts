/** The engine of a run: over NATS where it is asked for, else a broker in this process, with its log in a folder beside the results. */

import { existsSync, rmSync } from 'node:fs';
import { patient } from '../../engine/patient.ts';
import type { Engine } from '../../engine/types.ts';
import { UserError } from '../../model/user_error.ts';
import { start_broker } from '../engine/embedded/broker.ts';
import { connect_embedded } from '../engine/embedded/client.ts';
import { engine_over_nats } from '../engine/options.ts';
import type { Options } from '../options.ts';

export type RunEngine = Engine & {
  /** Where the ranks of this machine find it; without NATS. */
  folder: string;
  is_local: boolean;
  default_run(model: string): string;
  /** @param keeps what a run needs to go on */
  end(keeps: boolean): Promise<void>;
};

/** @param path of the results @param resumes a run whose folder is there @param way_on what one may do with a folder that is there, beside removing it */
export async function start_engine(
  options: Options,
  { path, resumes, way_on }: { path: string; resumes: boolean; way_on?: string },
): Promise<RunEngine> {
  const over_nats = await engine_over_nats(options);
  const folder = `${path.replace(/[/\\]+$/, '')}.run`;
  if (over_nats) {
    if (resumes && options.text('run') === undefined)
      throw new UserError('Which run? With --nats, --resume needs --run NAME.');
    return { ...over_nats, folder, is_local: false, default_run: named_by_time, end: () => over_nats.close() };
  }
  if (resumes && !existsSync(folder))
    throw new UserError(
      `There is no ${folder}, which a run that stopped early leaves.\nLeave --resume out to begin one.`,
    );
  if (!resumes && existsSync(folder)) {
    throw new UserError(
      `${folder} holds a run that was not finished.\n${way_on ? `${way_on}, remove` : 'Remove'} the folder, or give another --out.`,
    );
  }
  const broker = await start_broker(folder).catch((error: Error) => {
    throw new UserError(`${error.message}.\nA run is under way there; wait for it, or give another --out.`);
  });
  const engine = await patient(connect_embedded({ folder }));
  return {
    ...{ ...engine, folder, is_local: true },
    // The folder is the run's.
    default_run: (model) => slug(model),
    async end(keeps) {
      await engine.close();
      await broker.close();
      if (!keeps) rmSync(folder, { recursive: true, force: true });
    },
  };
}

const slug = (name: string) => name.replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^-+|-+$/g, '') || 'model';
const named_by_time = (model: string) =>
  `${slug(model)}-${new Date().toISOString().replace(/\D/g, '').slice(0, 14)}-${Math.random().toString(36).slice(2, 6)}`;

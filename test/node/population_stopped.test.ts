// A run whose rank is stopped and whose seat a late joiner takes: the command ends with its result while the rank still sleeps, and leaves no process. The lease of its ranks is ten seconds, and so is the time that a rank is given to end.

import { join } from 'node:path';
import { expect, it } from 'vitest';
import { holder_of } from '../../src/engine/lease.ts';
import { sleep } from '../../src/engine/sleep.ts';
import { connect_embedded } from '../../src/node/engine/embedded/client.ts';
import { timeout, workplace } from './command_line.ts';
import { line } from './conjugate_line.ts';

const y_csv = `x,y\n${Array.from({ length: 30 }, (_, i) => `${(i % 7) - 3},${(i % 5) - 2}`).join('\n')}\n`;
const args = ['population', 'line.mjs', '--data', 'y.csv', '--method', 'mala', '--particles', '32', '--every', '50'];
const length = ['--warmup', '500', '--draws', '2000', '--thin', '5', '--out', 'run'];

const is_alive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

it('langevin population ends though a rank that it started is stopped', { timeout }, async () => {
  const place = workplace();
  let stopped: Promise<number> | undefined;
  /** Stops the process that has the seat of rank 1. */
  const stop = async () => {
    const engine = connect_embedded({ folder: join(place.path, 'run.run') });
    for (;;) {
      const holder = await holder_of(engine.store, 'run.line.lease.1').catch(() => undefined);
      const pid = Number(holder?.split('-').at(-2));
      if (pid > 0) {
        process.kill(pid, 'SIGSTOP');
        await engine.close();
        return pid;
      }
      await sleep(20);
    }
  };
  const run = place.run([...args, ...length], {
    files: { 'line.mjs': line, 'y.csv': y_csv },
    seconds: 100,
    on_stderr(text) {
      if (text.includes('line: mala')) stopped ??= stop();
    },
  });
  while (!stopped) await sleep(50);
  const pid = await stopped;
  try {
    const late = place.run(['worker', '--folder', 'run.run', '--rank', '1', '--once'], { seconds: 100 });
    const { code, stdout } = await run;
    expect({ code, end: stdout.trimEnd().split('\n').at(-1) }).toEqual({ code: 0, end: 'run/report.html' });
    expect(is_alive(pid)).toBe(false);
    expect(place.list()).not.toContain('run.run');
    expect((await late).code).toBe(0);
  } finally {
    if (is_alive(pid)) process.kill(pid, 'SIGKILL');
  }
});

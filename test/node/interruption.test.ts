// Acceptance: exit code and text as the command line promises; no partial folder; and an end within the bound of each run, 45 s where the work is far longer.

import type { ChildProcess } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { parse_summary } from '../../src/data/summary.ts';
import { csv, lgssm_at, timeout, workplace } from './command_line.ts';
import { walk } from './models.ts';

/** Sends signals to the launcher, the first when `pattern` is on standard error, the others so many milliseconds after it. */
function at(pattern: RegExp, ...signals: readonly (readonly [NodeJS.Signals, number])[]) {
  let sent = false;
  return (stderr: string, child: ChildProcess) => {
    if (sent || !pattern.test(stderr)) return;
    sent = true;
    for (const [signal, delay] of signals) setTimeout(() => child.kill(signal), delay);
  };
}

/** Several minutes of work if nobody ends it. */
const long = ['smc2', 'sir', '--data', 'influenza-1978', '--thetas', '1024', '--particles', '512', '--out', 'a/run'];
const seconds = 45;

describe.concurrent('Ctrl-C', { timeout }, () => {
  it('during moves at the posterior keeps them, warns, and says how to go on', async () => {
    const place = workplace();
    const endless = ['smc2', 'sir-ode', '--data', 'influenza-1978', '--thetas', '64', '--iterations', '1000'];
    const { code, stderr } = await place.run([...endless, '--out', 'run'], {
      on_stderr: at(/posterior \d+ of 1000/, ['SIGINT', 0]),
      seconds,
    });
    expect(stderr).toMatch(/^1: tempering, .*\n(.*\n)*\d+: posterior \d+ of 1000/m);
    expect(stderr).toMatch(/Stopping after the step under way; Ctrl-C again stops at once\./);
    expect(stderr).toMatch(/Stopped after \d+ of 1000 posterior moves; what is written counts those\./);
    expect(stderr).toMatch(/The same command with the same --seed .* goes on\./);
    expect(code).toBe(130);
    expect(place.list('run')).toEqual(['draws.csv', 'posterior.nc', 'report.html', 'states.csv', 'summary.json']);
    const { warnings } = parse_summary(place.read('run/summary.json'), 'summary.json');
    expect(warnings.some((text) => /^interrupted after \d+ of 1000 posterior moves\.$/.test(text))).toBe(true);
  });

  it('while there is no posterior yet says so and leaves nothing', async () => {
    const place = workplace();
    const { code, stdout, stderr } = await place.run(long, { on_stderr: at(/1024 thetas/, ['SIGINT', 300]), seconds });
    expect(stderr).toMatch(/Interrupted before the population reached the posterior/);
    expect(stderr).toMatch(/Nothing is written\. The same command starts again/);
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
    expect(place.list()).toEqual([]);
  });

  it('twice ends at once', async () => {
    const place = workplace();
    // Steps of many seconds: the second signal, late enough to be another one, comes before the step under way ends.
    const slow = long.map((word) => (word === '512' ? '16384' : word));
    const first = at(/1024 thetas/, ['SIGINT', 0]);
    const second = at(/Stopping after the step under way/, ['SIGINT', 400]);
    const { code, stdout, stderr } = await place.run(slow, {
      on_stderr: (text, child) => {
        first(text, child);
        second(text, child);
      },
      seconds,
    });
    expect(stderr).toMatch(/Ctrl-C again stops at once\.\n$/);
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
    expect(place.list()).toEqual([]);
  });

  it('ends a command that has nothing to keep', async () => {
    const place = workplace();
    const filter = ['filter', 'lgssm', '--data', 'lgssm-500', ...lgssm_at, '--particles', '8192', '--filters', '1024'];
    const { code, stdout } = await place.run([...filter, '--out', 'run'], {
      on_stderr: at(/1024 filters/, ['SIGINT', 300]),
      seconds,
    });
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
    expect(place.list()).toEqual([]);
  });
});

describe.concurrent('an end from outside', { timeout }, () => {
  it('by SIGTERM leaves nothing', async () => {
    const place = workplace();
    const { code, stdout } = await place.run(long, { on_stderr: at(/1024 thetas/, ['SIGTERM', 300]), seconds });
    expect({ code, stdout }).toEqual({ code: 143, stdout: '' });
    expect(place.list()).toEqual([]);
  });

  it('by an error that no call waits for is one line, code 1, and leaves nothing', async () => {
    const place = workplace();
    const files = {
      'foo.mjs': `${walk()}\nsetTimeout(() => Promise.reject(new Error('too late')), 0);\n`,
      'y.csv': csv(1, 2),
    };
    const { code, stdout, stderr } = await place.run(['filter', 'foo.mjs', '--set', 'sd=1', '--data', 'y.csv'], {
      files,
    });
    expect(stderr).toMatch(/^langevin failed: too late\nThis should not happen\. LANGEVIN_DEBUG=1 shows where .*\n$/);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(place.list()).toEqual(Object.keys(files));
  });

  it('of the reader of standard output is no failure', async () => {
    const { code, stderr } = await workplace().run(['simulate', 'lgssm', ...lgssm_at, '--steps', '50000'], {
      stop_reading: true,
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});

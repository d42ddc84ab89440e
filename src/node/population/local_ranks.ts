/** The ranks of a run on this machine: child processes, each with a device of its own, started again when they are killed. */

import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface LocalRanks {
  /** All have ended by themselves. */
  readonly ended: Promise<void>;
  /** For when the run is over: waits for them to end, and kills those that do not, as one that is stopped and whose seat another took. */
  settle(): Promise<void>;
  /** Asks them to end, and kills those that do not. */
  stop(): Promise<void>;
}

/** A process that dies so often without coming to work has a cause that will not go away. */
const most_deaths = 5;
/** Of what a process said last. */
const most_words = 2000;
/** Milliseconds that a process is given to end. */
const grace = 10_000;

/**
 * @param words of the command line, by rank: how each joins
 * @param on_death said to the person: a process that was killed, and whether another takes its place
 */
export function start_local_ranks(words: readonly string[][], on_death: (text: string) => void): LocalRanks {
  const main = fileURLToPath(new URL('../main.ts', import.meta.url));
  const alive = new Set<ChildProcess>();
  let ends = false;
  process.on('exit', () => {
    for (const child of alive) child.kill('SIGTERM');
  });
  const run = async (args: readonly string[], rank: number): Promise<void> => {
    for (let deaths = 0; !ends; ) {
      const started = performance.now();
      const child = spawn(process.execPath, [...process.execArgv, main, 'worker', ...args], {
        stdio: ['ignore', 'ignore', 'pipe'],
        // Ctrl-C is for who leads: ranks hear of it by the engine, and end their segment.
        detached: true,
      });
      alive.add(child);
      // What goes wrong in a rank's work is in the store; this is for what goes wrong before.
      let words = '';
      child.stderr.on('data', (part: Buffer) => {
        words = `${words}${part}`.slice(-most_words);
      });
      const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
        child.on('exit', (...end) => resolve(end));
        child.on('error', () => resolve([1, null]));
      });
      alive.delete(child);
      if (ends || code === 0 || code === 130) return;
      if (signal === null) return on_death(`The process of rank ${rank} ended with code ${code}: ${words.trim()}`);
      if (performance.now() - started > 60_000) deaths = 0;
      deaths += 1;
      const again = deaths < most_deaths;
      on_death(
        `The process of rank ${rank} was ended by ${signal}${again ? '; another takes its place where it was.' : '.'}`,
      );
      if (!again) return;
    }
  };
  const ended = Promise.all(words.map((args, rank) => run(args, rank))).then(() => undefined);
  const settle = async () => {
    ends = true;
    const timer = setTimeout(() => {
      for (const child of alive) child.kill('SIGKILL');
    }, grace);
    await ended;
    clearTimeout(timer);
  };
  return {
    ended,
    settle,
    stop() {
      for (const child of alive) child.kill('SIGTERM');
      return settle();
    },
  };
}

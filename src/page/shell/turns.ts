/** Who holds a run: it asks for its turn before it goes on, and gets it at once, after a while, or when a person says so. */

import { create_breaths } from './breath.ts';

/** How far a pause has come: the run has not asked for its first turn, is about something that it ends before it asks again, or waits. */
export type Hold = 'begins' | 'works' | 'waits';

export interface Turns {
  /** Resolves when the run may go on. Rejects never; an ended run is let go. */
  take(): Promise<void>;
  play(): void;
  pause(): void;
  /** One turn, then pause. */
  step(): void;
  /** Ends all waiting, for good. */
  end(): void;
  /** Milliseconds between turns, to be seen. */
  delay: number;
  readonly is_paused: boolean;
  /** Absent while it is not paused. */
  readonly hold: Hold | undefined;
  /** A person wants to see the smallest steps. */
  readonly is_fine: boolean;
}

/** Milliseconds of work between two chances for the browser to draw and to listen, beside those that it has while the run waits for the device. */
const most_busy = 100;

/** @param changed told when it is paused or plays, and when a run begins to wait */
export function create_turns(changed: () => void): Turns {
  let paused = false;
  let ended = false;
  let begun = false;
  let held = 0;
  let delay = 0;
  const breathe = create_breaths(most_busy);
  const waiting = new Set<() => void>();
  const woken = () => new Promise<void>((resolve) => waiting.add(resolve));
  const wake = () => {
    for (const resolve of waiting) resolve();
    waiting.clear();
    held = 0;
  };
  return {
    async take() {
      begun = true;
      if (paused && !ended) {
        held += 1;
        const go = woken();
        changed();
        await go;
      } else if (delay > 0 && !ended) await Promise.race([later(delay), woken()]);
      if (!ended) await breathe();
    },
    play() {
      paused = false;
      wake();
      changed();
    },
    pause() {
      paused = true;
      changed();
    },
    step() {
      // Those who wait go on, and wait again at their next turn.
      paused = true;
      wake();
      changed();
    },
    end() {
      ended = true;
      wake();
    },
    get delay() {
      return delay;
    },
    set delay(milliseconds) {
      delay = milliseconds;
      if (!paused) wake();
    },
    get is_paused() {
      return paused;
    },
    get hold() {
      if (!paused) return undefined;
      return held > 0 ? 'waits' : begun ? 'works' : 'begins';
    },
    get is_fine() {
      return paused || delay > 0;
    },
  };
}

const later = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

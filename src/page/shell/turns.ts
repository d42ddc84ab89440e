/** Who holds a run: it asks for its turn before it goes on, and gets it at once, after a while, or when a person says so. */

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
  /** A person wants to see the smallest steps. */
  readonly is_fine: boolean;
}

/** Milliseconds of work between two chances for the browser to draw and to listen, beside those that it has while the run waits for the device. */
const most_busy = 100;

/** @param changed told when it is paused or plays */
export function create_turns(changed: () => void): Turns {
  let paused = false;
  let ended = false;
  let delay = 0;
  let breathed = performance.now();
  const waiting = new Set<() => void>();
  const woken = () => new Promise<void>((resolve) => waiting.add(resolve));
  const wake = () => {
    for (const resolve of waiting) resolve();
    waiting.clear();
  };
  return {
    async take() {
      if (paused && !ended) await woken();
      else if (delay > 0 && !ended) await Promise.race([later(delay), woken()]);
      if (performance.now() - breathed < most_busy || ended) return;
      await breath();
      breathed = performance.now();
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
    get is_fine() {
      return paused || delay > 0;
    },
  };
}

const later = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/** A frame; or, in a tab that is hidden and draws none, as soon as others had their turn. */
const breath = () =>
  new Promise<void>((resolve) => {
    if (document.hidden) {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(0);
      return;
    }
    const done = () => {
      document.removeEventListener('visibilitychange', done);
      resolve();
    };
    // A tab that is hidden while it waits draws no more frames.
    document.addEventListener('visibilitychange', done);
    requestAnimationFrame(done);
  });

/** Progress on standard error: one line that updates on a terminal, plain lines otherwise, so that logs stay readable. */

export interface Progress {
  /** Replaces the line. `important` lines stay; where there is no terminal they are all printed, and of the others a few. */
  show(line: string, important?: boolean): void;
  /** Ends the updating line. */
  end(): void;
}

/** Sooner a guess would jump about. */
const shortest_guess = 2000;

/** The text `, about 40 s left of warm-up`, from how long the part so far took; empty until that says anything. */
export function create_time_left(clock = () => performance.now()) {
  let current: string | undefined;
  let first = { at: 0, done: 0 };
  return (phase: string, done: number, of: number): string => {
    if (phase !== current) {
      current = phase;
      first = { at: clock(), done };
    }
    const elapsed = clock() - first.at;
    if (elapsed < shortest_guess || done <= first.done || done >= of) return '';
    const seconds = ((elapsed / 1000) * (of - done)) / (done - first.done);
    return `, about ${duration(seconds)} left of ${phase}`;
  };
}

function duration(seconds: number): string {
  if (seconds < 100) return `${Math.ceil(seconds)} s`;
  if (seconds < 100 * 60) return `${Math.ceil(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

/** Without a terminal, at most one unimportant line in this many milliseconds. */
const quiet_interval = 5000;

type Stream = Pick<NodeJS.WriteStream, 'isTTY' | 'columns'> & { write(text: string): unknown };

export function create_progress(stream: Stream = process.stderr): Progress {
  let open = false;
  let last = Number.NEGATIVE_INFINITY;
  return {
    show(line, important = false) {
      if (stream.isTTY) {
        // A line that wraps could not be taken back; one that stays may. Some terminals say 0 columns and mean unknown.
        const width = Math.max(20, (stream.columns || 80) - 1);
        const shown = line.length > width && !important ? `${line.slice(0, width - 1)}…` : line;
        stream.write(`\r\x1b[2K${shown}${important ? '\n' : ''}`);
        open = !important;
      } else if (important || performance.now() - last > quiet_interval) {
        stream.write(`${line}\n`);
        last = performance.now();
      }
    },
    end() {
      if (open) stream.write('\n');
      open = false;
    },
  };
}

/** Progress on standard error: one line that updates on a terminal, plain lines otherwise, so that logs stay readable. */

export interface Progress {
  /** Replaces the line. `important` lines stay; where there is no terminal they are all printed, and of the others a few. */
  show(line: string, important?: boolean): void;
  /** Ends the updating line. */
  end(): void;
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

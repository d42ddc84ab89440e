// Acceptance: the exact characters that reach the stream.

import { describe, expect, it, vi } from 'vitest';
import { create_progress, create_time_left } from '../../src/node/progress.ts';

function recorder(terminal: { isTTY: boolean; columns: number }) {
  const stream = { ...terminal, text: '', write: (text: string) => (stream.text += text) };
  return stream;
}

const clear = '\r\x1b[2K';

describe('progress', () => {
  it('keeps one line of a terminal up to date, and leaves it when it ends', () => {
    const stream = recorder({ isTTY: true, columns: 30 });
    const progress = create_progress(stream);
    progress.show('one');
    progress.show('two');
    progress.end();
    progress.end();
    expect(stream.text).toBe(`${clear}one${clear}two\n`);
  });

  it('cuts a line that would wrap, but not one that stays', () => {
    const stream = recorder({ isTTY: true, columns: 30 });
    const progress = create_progress(stream);
    progress.show('x'.repeat(40), true);
    progress.show('y'.repeat(40));
    expect(stream.text).toBe(`${clear}${'x'.repeat(40)}\n${clear}${'y'.repeat(28)}…`);
  });

  it('takes a terminal of unknown width for one of 80 columns', () => {
    const stream = recorder({ isTTY: true, columns: 0 });
    create_progress(stream).show('x'.repeat(79));
    expect(stream.text).toBe(`${clear}${'x'.repeat(79)}`);
  });

  it('without a terminal writes plain lines: all important ones, of the others one in five seconds', () => {
    const now = vi.spyOn(performance, 'now');
    const stream = recorder({ isTTY: false, columns: 0 });
    const progress = create_progress(stream);
    for (const [seconds, line, important] of [
      [0, 'a', true],
      [1, 'b', false],
      [4, 'c', true],
      [8, 'd', false],
      [9.5, 'e', false],
    ] as const) {
      now.mockReturnValue(1000 * seconds);
      progress.show(line, important);
    }
    progress.end();
    now.mockRestore();
    expect(stream.text).toBe('a\nc\ne\n');
  });
});

describe('the time left', () => {
  it('is that of the part to come at the pace so far, of every phase anew', () => {
    let now = 0;
    const left = create_time_left(() => now);
    const at = (seconds: number, phase: string, done: number) => {
      now = 1000 * seconds;
      return left(phase, done, 100);
    };
    expect(at(10, 'warm-up', 1)).toBe('');
    // Too soon for a guess.
    expect(at(11, 'warm-up', 2)).toBe('');
    // 10 of 100 in 10 seconds, and 89 to go.
    expect(at(20, 'warm-up', 11)).toBe(', about 89 s left of warm-up');
    expect(at(410, 'warm-up', 51)).toBe(', about 7 min left of warm-up');
    expect(at(420, 'warm-up', 100)).toBe('');
    expect(at(421, 'sampling', 0)).toBe('');
    expect(at(3621, 'sampling', 10)).toBe(', about 8.0 h left of sampling');
    expect(at(7000, 'sampling', 0)).toBe('');
  });
});

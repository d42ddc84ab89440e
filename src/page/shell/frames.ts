/** Drawing at the screen's pace: what has changed is drawn with the next frame, once. */

export interface Frames {
  on_frame(draw: () => void): void;
  changed(): void;
  /** At once. */
  draw(): void;
  /** Nothing is drawn any more. */
  end(): void;
}

/** @param least milliseconds between frames: a software adapter draws with the cores that compute */
export function create_frames(least: number): Frames {
  let draw: () => void = () => {};
  let asked = false;
  let drawn = 0;
  let ended = false;
  const now = () => {
    asked = false;
    drawn = performance.now();
    draw();
  };
  return {
    on_frame(next) {
      if (!ended) draw = next;
    },
    changed() {
      if (asked) return;
      asked = true;
      const wait = drawn + least - performance.now();
      if (wait > 0) setTimeout(() => requestAnimationFrame(now), wait);
      else requestAnimationFrame(now);
    },
    draw: () => draw(),
    end() {
      ended = true;
      draw = () => {};
    },
  };
}

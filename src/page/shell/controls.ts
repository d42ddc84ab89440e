/** Buttons of a run: run and pause, one step, again, and how fast. */

import { element } from '../dom.ts';
import type { Turns } from './turns.ts';

export interface Controls {
  readonly element: HTMLElement;
  /** Shows what can be done now. `turns` is absent while nothing runs; those of a run that takes the place of one that is held are held too. */
  show(turns: Turns | undefined): void;
}

interface Wishes {
  /** Begins, from where nothing is. */
  run(): void;
  /** Ends what runs, and begins again. */
  reset(): void;
}

/** Space, s and r, wherever one is that has no use for them itself: a button that was clicked is pressed by space, and letters are no matter of its. */
export function press_by_keys(controls: HTMLElement): void {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = event.target as Element;
    const is_its_own = event.key === ' ' && at !== document.body && !at.matches('.space');
    if (at.matches('input, select, textarea') || is_its_own) return;
    const button = ({ ' ': '#run', s: '#step', r: '#reset' } as const)[event.key as ' ' | 's' | 'r'];
    if (!button) return;
    event.preventDefault();
    (controls.querySelector(button) as HTMLButtonElement).click();
  });
}

const speeds = [
  [0, 'full speed'],
  [100, 'slow'],
  [500, 'slower'],
] as const;

export function create_controls({ run, reset }: Wishes): Controls {
  let turns: Turns | undefined;
  /** What a person holds is held until that person lets it go: what begins anew waits at its first turn. */
  let is_held = false;
  const main = element('button', { id: 'run', type: 'button', className: 'main' }, 'Run');
  const step = element('button', { id: 'step', type: 'button', title: 'One step, then pause' }, 'Step');
  const again = element('button', { id: 'reset', type: 'button', title: 'From the beginning' }, 'Reset');
  const speed = element(
    'select',
    { id: 'speed' },
    ...speeds.map(([delay, label]) => element('option', { value: String(delay) }, label)),
  );
  main.addEventListener('click', () => {
    if (!turns) {
      is_held = false;
      run();
    } else if (turns.is_paused) turns.play();
    else turns.pause();
  });
  step.addEventListener('click', () => {
    if (turns) return turns.step();
    is_held = true;
    run();
  });
  again.addEventListener('click', reset);
  speed.addEventListener('change', () => {
    if (turns) turns.delay = Number(speed.value);
  });
  return {
    element: element(
      'div',
      { className: 'controls', role: 'group', ariaLabel: 'Run' },
      main,
      step,
      again,
      element('label', {}, 'Speed ', speed),
    ),
    show(now) {
      const is_new = now !== turns;
      turns = now;
      if (now && is_new) {
        now.delay = Number(speed.value);
        if (is_held) now.pause();
      }
      if (now) is_held = now.is_paused;
      main.textContent = now === undefined ? 'Run' : now.is_paused ? 'Go on' : 'Pause';
    },
  };
}

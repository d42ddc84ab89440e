/** The strip at the foot: on what it runs, how far and how fast it is, and what memory it holds. */

import { adapter_words, with_prefix } from '../../../bench/format.ts';
import type { Device } from '../../gpu/device.ts';
import { between_looks, create_meter, type DeviceUse } from '../device_use.ts';
import { element } from '../dom.ts';
import type { SceneProgress } from './scene.ts';
import type { Hold } from './turns.ts';

export interface Strip {
  readonly element: HTMLElement;
  /** Begins to look at a device; absent: there is none yet. */
  watch(device: Device | undefined): void;
  /** Of a run that begins now. */
  begin(): void;
  told(progress: SceneProgress): void;
  /** That a pause was heard, which a run obeys when it can. */
  held(hold: Hold | undefined): void;
}

const hold_words: Readonly<Record<Hold, string>> = {
  begins: 'Pauses when the kernels are made.',
  works: 'Pauses when what is under way is done.',
  waits: 'Paused.',
};

const looking = 'Looking for a GPU …';

export function create_strip(): Strip {
  const adapter = element('span', { id: 'adapter' }, looking);
  const progress = element('span', { id: 'progress' });
  const speed = element('span', { id: 'gpu-time' });
  const memory = element('span', { id: 'memory' });
  // The last, so that nothing moves when it comes.
  const hold = element('span', { id: 'hold' });
  let device: Device | undefined;
  let meter: (() => DeviceUse) | undefined;
  let last: SceneProgress | undefined;
  let seen: { at: number; done: number; steps: number } | undefined;
  const look = () => {
    const uses = [...(meter ? [meter()] : []), ...(last?.elsewhere?.() ?? [])];
    if (uses.length > 0) memory.textContent = memory_words(uses);
    if (!last) return;
    const now = { at: performance.now(), done: last.done, steps: last.steps };
    progress.textContent = `${last.done} of ${last.of} ${last.unit}`;
    if (seen && now.done > seen.done) {
      const ms = (now.at - seen.at) / (now.done - seen.done);
      const rate = (1000 * (now.steps - seen.steps)) / (now.at - seen.at);
      const shares = uses.flatMap(({ share }) => share ?? []);
      const gpu = shares.length === 0 ? '' : `, ${two_digits(ms * sum(shares))} ms of the GPU`;
      speed.textContent = `${two_digits(ms)} ms a piece${gpu}, ${with_prefix(rate)} steps/s`;
    }
    seen = now;
  };
  setInterval(look, between_looks);
  return {
    element: element('footer', { className: 'strip' }, adapter, progress, speed, memory, hold),
    watch(now) {
      device = now;
      meter = now && create_meter(now);
      if (!now) {
        adapter.textContent = looking;
        return;
      }
      const small = now.adapter.kind === 'software' ? ' Sizes are small because of it.' : '';
      adapter.textContent = `This browser computes on: ${adapter_words(now.adapter)}.${small}`;
    },
    begin() {
      [last, seen] = [undefined, undefined];
      meter = device && create_meter(device);
      progress.textContent = '';
      speed.textContent = '';
    },
    told(now) {
      last = now;
    },
    held(now) {
      hold.textContent = now === undefined ? '' : hold_words[now];
    },
  };
}

/** As 250, not 2.5e+2. */
const two_digits = (value: number) => String(Number(value.toPrecision(2)));

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

const memory_words = (uses: readonly DeviceUse[]) =>
  `GPU memory ${with_prefix(sum(uses.map(({ bytes }) => bytes)))}B${uses.length > 1 ? ` on ${uses.length} devices` : ''}`;

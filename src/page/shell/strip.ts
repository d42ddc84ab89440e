/** The strip at the foot: on what it runs, how far and how fast it is, and what memory it holds. */

import { adapter_words, with_prefix } from '../../../bench/format.ts';
import type { Device } from '../../gpu/device.ts';
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
  stop(): void;
}

const hold_words: Readonly<Record<Hold, string>> = {
  begins: 'Pauses when the kernels are made.',
  works: 'Pauses when what is under way is done.',
  waits: 'Paused.',
};

const looking = 'Looking for a GPU …';

/** Milliseconds between looks. */
const pause = 500;

export function create_strip(): Strip {
  const adapter = element('span', { id: 'adapter' }, looking);
  const progress = element('span', { id: 'progress' });
  const speed = element('span', { id: 'gpu-time' });
  const memory = element('span', { id: 'memory' });
  // The last, so that nothing moves when it comes.
  const hold = element('span', { id: 'hold' });
  let device: Device | undefined;
  let last: SceneProgress | undefined;
  let seen: { at: number; done: number; steps: number } | undefined;
  let timing = false;
  let gpu_share: number | undefined;
  /** Part of the time in which the GPU computes, over a while; where there are timestamps. */
  const measure = async (of: Device) => {
    if (timing || !of.gpu.features.has('timestamp-query')) return;
    timing = true;
    const from = performance.now();
    const found = await of.time_gpu(() => new Promise((resolve) => setTimeout(resolve, pause))).catch(() => undefined);
    if (found && found.passes > 0) gpu_share = found.gpu_ms / (performance.now() - from);
    timing = false;
  };
  const look = () => {
    if (device) memory.textContent = `GPU memory ${with_prefix(device.buffers.allocated)}B`;
    if (!last) return;
    const now = { at: performance.now(), done: last.done, steps: last.steps };
    progress.textContent = `${last.done} of ${last.of} ${last.unit}`;
    if (seen && now.done > seen.done) {
      const ms = (now.at - seen.at) / (now.done - seen.done);
      const rate = (1000 * (now.steps - seen.steps)) / (now.at - seen.at);
      const gpu = gpu_share === undefined ? '' : `, ${(ms * gpu_share).toPrecision(2)} ms of the GPU`;
      speed.textContent = `${ms.toPrecision(2)} ms a piece${gpu}, ${with_prefix(rate)} steps/s`;
    }
    seen = now;
    if (device) void measure(device);
  };
  const timer = setInterval(look, pause);
  return {
    element: element('footer', { className: 'strip' }, adapter, progress, speed, memory, hold),
    watch(now) {
      device = now;
      if (!now) {
        adapter.textContent = looking;
        return;
      }
      const small = now.adapter.kind === 'software' ? ' Sizes are small because of it.' : '';
      adapter.textContent = `This browser computes on: ${adapter_words(now.adapter)}.${small}`;
    },
    begin() {
      [last, seen, gpu_share] = [undefined, undefined, undefined];
      progress.textContent = '';
      speed.textContent = '';
    },
    told(now) {
      last = now;
    },
    held(now) {
      hold.textContent = now === undefined ? '' : hold_words[now];
    },
    stop() {
      look();
      clearInterval(timer);
    },
  };
}

/** One run of a scene in the frame: from its first turn to what a person leaves with, or to an end before that. */

import type { Device } from '../../gpu/device.ts';
import { write_address } from './address.ts';
import { type DroppedFile, text_of } from './drop.ts';
import { export_buttons } from './exports.ts';
import { create_frames } from './frames.ts';
import { page_words } from './page_words.ts';
import { result_elements } from './result.ts';
import type { Scene } from './scene.ts';
import type { Setting, Values } from './settings.ts';
import type { Strip } from './strip.ts';
import { create_turns, type Turns } from './turns.ts';

export interface RunOptions {
  scene: Scene;
  device: Device;
  seed: number;
  values: Values;
  settings: readonly Setting[];
  files: readonly DroppedFile[];
  /** What the run before kept: to go on from there. Absent: from the seed. */
  checkpoint: unknown;
}

interface Place {
  figures: HTMLElement;
  result: HTMLElement;
  strip: Strip;
}

interface Listener {
  /** There is something to go on from, in place of what there was. */
  kept(checkpoint: unknown): void;
  /** Who holds the run has changed its mind; undefined: there is nothing to hold any more. */
  held(turns: Turns | undefined): void;
  /** It has come to its end. */
  done(): void;
  failed(problem: string): void;
}

export interface Running {
  /** Lets it go, wherever it is, and frees what it drew. */
  end(): Promise<void>;
}

const state = document.documentElement.dataset;
const shown_version = import.meta.env.VITE_VERSION ?? '';
/** Milliseconds between frames of a software adapter, which draws with the cores that compute. */
const between_frames = 90;

export function start_run(
  { scene, device, seed, values, settings, files, checkpoint }: RunOptions,
  { figures, result, strip }: Place,
  listener: Listener,
): Running {
  const stop = new AbortController();
  const turns = create_turns(() => listener.held(turns));
  const frames = create_frames(device.adapter.kind === 'software' ? between_frames : 0);
  const in_words = (text: string) => page_words(text, settings);
  let leave = () => {};
  figures.replaceChildren();
  result.replaceChildren();
  strip.begin();
  state.state = 'running';
  state.done = '0';
  state.kept = checkpoint === undefined ? '0' : '1';
  const address = write_address(scene.name, { seed, values, data: files.map(({ name }) => name) }, settings);
  const [file] = files;
  const data = file && { name: file.name, text: text_of(file) };
  listener.held(turns);
  const over = scene
    .run({
      ...{ device, values, seed, data, files, signal: stop.signal, turns, figures, checkpoint },
      keep(to_go_on_from) {
        if (stop.signal.aborted) return;
        state.kept = '1';
        listener.kept(to_go_on_from);
      },
      on_frame: frames.on_frame,
      changed: frames.changed,
      when_left(free) {
        leave = free;
      },
      told(progress) {
        state.done = String(progress.done);
        strip.told(progress);
      },
    })
    .then((found) => {
      if (stop.signal.aborted) return;
      // One that has come to its end is held no more.
      turns.play();
      state.state = 'done';
      state.numbers = JSON.stringify(found.numbers);
      const exports = export_buttons({
        ...{ result: found, version: shown_version, address, adapter: device.adapter.name, figures },
        redraw: frames.draw,
      });
      result.replaceChildren(...result_elements(found, in_words), exports);
      listener.done();
    })
    .catch((error: unknown) => {
      if (!stop.signal.aborted) listener.failed(in_words(error instanceof Error ? error.message : String(error)));
    })
    .finally(() => {
      if (stop.signal.aborted) return;
      turns.end();
      listener.held(undefined);
    });
  return {
    async end() {
      stop.abort();
      turns.end();
      // A device that is lost draws nothing.
      frames.end();
      await over;
      // Not before: what it uses until then would be given to others.
      leave();
      leave = () => {};
    },
  };
}

/** The demo: a scene in a frame, with what a person can set, and what holds a run together: device, address, data, end. */

import type { Device } from '../../gpu/device.ts';
import { open_page_device } from '../device.ts';
import { element } from '../dom.ts';
import { scene_named, scenes } from '../scenes/index.ts';
import { create_controls } from './controls.ts';
import { read_dropped } from './drop.ts';
import { export_buttons } from './exports.ts';
import { create_form } from './form.ts';
import { create_frames } from './frames.ts';
import { navigation } from './navigation.ts';
import { recorded_picture } from './recorded.ts';
import { result_elements } from './result.ts';
import type { ScenePlace } from './scene.ts';
import { read_values, type Value, write_values } from './settings.ts';
import { create_strip } from './strip.ts';
import { create_turns, type Turns } from './turns.ts';

const state = document.documentElement.dataset;
const shown_version = import.meta.env.VITE_VERSION ?? '';
/** Losses of the device in a row after which it is left alone. */
const most_losses = 3;

export async function show_demo(main: HTMLElement, asked: URLSearchParams): Promise<void> {
  const scene = scene_named(asked.get('scene') ?? (scenes[0] as (typeof scenes)[number]).name);
  document.title = `langevin: ${scene.title}`;
  const strip = create_strip();
  const figures = element('div', { id: 'figures', className: 'figures' });
  const notes = element('div', { id: 'notes', role: 'status', ariaLive: 'polite' });
  const result = element('section', { id: 'result', ariaLabel: 'Result' });
  const controls = create_controls({ run: begin_anew, reset: begin_anew });
  const seed_box = element('input', { id: 'seed', type: 'text', inputMode: 'numeric', size: 6 });
  const fields = element('div', { className: 'settings' });
  const head = element('header', {}, element('h1', {}, 'langevin'), navigation(scene.name));
  main.append(
    head,
    element('h2', {}, scene.title),
    element('p', { className: 'lead' }, scene.what),
    fields,
    element('div', { className: 'bar' }, controls.element, element('label', {}, 'Seed ', seed_box)),
    notes,
    figures,
    result,
    element(
      'p',
      { className: 'caption' },
      'All is computed in this browser. Data and models that you bring stay on this machine.',
    ),
    strip.element,
  );

  // There is nothing to run on yet.
  controls.element.inert = true;
  const first_device = await open().catch((error: unknown) => {
    figures.replaceChildren(...recorded_picture(scene.name, scene.title));
    fail(error);
  });
  if (!first_device) return;
  let device = first_device;
  const kind = device.adapter.kind;
  const rest = new URLSearchParams(asked);
  for (const name of ['scene', 'seed']) rest.delete(name);
  let seed = read_seed(asked.get('seed'));
  let data: ScenePlace['data'];
  // Which settings there are may depend on some of them.
  const first = read_values(scene.settings(kind, {}), new URLSearchParams());
  let { values, problems } = read_values(scene.settings(kind, Object.fromEntries(rest)), rest);
  values = { ...first.values, ...values };
  say(problems);
  seed_box.value = String(seed);
  seed_box.addEventListener('change', () => {
    seed = read_seed(seed_box.value);
    seed_box.value = String(seed);
    begin_anew();
  });
  show_settings();
  read_dropped(document.documentElement, (file) => {
    data = file;
    begin_anew();
  });

  let running: { stop: AbortController; turns: Turns; over: Promise<void> } | undefined;
  let losses = 0;
  let begun = 0;
  let leave = () => {};
  document.addEventListener('keydown', (event) => {
    if (event.target !== document.body || event.ctrlKey || event.metaKey || event.altKey) return;
    const button = ({ ' ': '#run', s: '#step', r: '#reset' } as const)[event.key as ' ' | 's' | 'r'];
    if (!button) return;
    event.preventDefault();
    (main.querySelector(button) as HTMLButtonElement).click();
  });
  controls.element.inert = false;
  // What moves by itself is not for everybody.
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) state.state = 'ready';
  else await begin();

  async function open(): Promise<Device> {
    const opened = await open_page_device((error) => {
      // Those who wait for the device hear of it too; here is who begins anew.
      void recover(error);
    });
    strip.watch(opened);
    return opened;
  }

  /** The run begins again on a new device with the same numbers: it comes to the same states. */
  async function recover(error: Error): Promise<void> {
    losses += 1;
    console.warn(error);
    await end();
    device.destroy();
    if (losses >= most_losses) return fail(error);
    say([`The GPU was lost (${error.message}). Beginning again from the same seed.`]);
    try {
      device = await open();
      await begin();
    } catch (again) {
      fail(again);
    }
  }

  async function end(): Promise<void> {
    leave();
    leave = () => {};
    if (!running) return;
    running.stop.abort();
    running.turns.end();
    await running.over;
    running = undefined;
  }

  /** As a person asks for it: what was said before is settled. */
  function begin_anew(): void {
    say([]);
    void begin();
  }

  async function begin(): Promise<void> {
    begun += 1;
    const mine = begun;
    await end();
    // Asked for again meanwhile: the last one counts.
    if (mine !== begun) return;
    const stop = new AbortController();
    const turns = create_turns(() => controls.show(turns));
    const frames = create_frames(kind === 'software' ? 90 : 0);
    figures.replaceChildren();
    result.replaceChildren();
    strip.begin();
    state.state = 'running';
    state.done = '0';
    const address = write_address();
    controls.show(turns);
    const over = scene
      .run({
        ...{ device, values, seed, data, signal: stop.signal, turns, figures },
        on_frame: frames.on_frame,
        changed: frames.changed,
        when_left(free) {
          const all = () => {
            frames.end();
            free();
          };
          if (stop.signal.aborted) all();
          else leave = all;
        },
        told(progress) {
          state.done = String(progress.done);
          strip.told(progress);
        },
      })
      .then((found) => {
        if (stop.signal.aborted) return;
        losses = 0;
        state.state = 'done';
        state.numbers = JSON.stringify(found.numbers);
        const exports = export_buttons({
          ...{ result: found, version: shown_version, address, adapter: device.adapter.name, figures },
          redraw: frames.draw,
        });
        result.replaceChildren(...result_elements(found), exports);
      })
      .catch((error: unknown) => {
        if (!stop.signal.aborted) fail(error);
      })
      .finally(() => {
        if (stop.signal.aborted) return;
        controls.show(undefined);
        running = undefined;
      });
    running = { stop, turns, over };
  }

  function fail(error: unknown): void {
    state.state = 'failed';
    controls.show(undefined);
    say([error instanceof Error ? error.message : String(error)]);
  }

  function say(lines: readonly string[]): void {
    notes.replaceChildren(...lines.map((line) => element('p', { className: 'problem', role: 'alert' }, line)));
  }

  function show_settings(): void {
    const form = create_form(scene.settings(kind, values), values, change);
    const expert = element('details', {}, element('summary', {}, 'Expert'), form.expert);
    expert.open = fields.querySelector('details')?.open ?? false;
    fields.replaceChildren(form.plain, ...(form.expert.childElementCount > 0 ? [expert] : []));
  }

  function change(name: string, value: Value): void {
    values = { ...values, [name]: value };
    const settings = scene.settings(kind, values);
    // Others may have come with it, and some gone.
    const known = write_values(settings, values);
    values = read_values(settings, known).values;
    if (settings.find((one) => one.name === name)?.kind === 'choice') {
      show_settings();
      document.getElementById(`setting-${name}`)?.focus();
    }
    begin_anew();
  }

  function write_address(): string {
    const query = new URLSearchParams({ scene: scene.name, seed: String(seed) });
    for (const [name, value] of write_values(scene.settings(kind, values), values)) query.set(name, value);
    history.replaceState(null, '', `?${query}`);
    return location.href;
  }
}

const most_seed = 2 ** 32 - 1;

function read_seed(text: string | null): number {
  const seed = Number(text ?? 1);
  return Number.isInteger(seed) && seed >= 0 && seed <= most_seed ? seed : 1;
}

/** The demo: a scene in a frame, and what its runs begin from: a device, what a person has set, data, and what was kept of a run whose device was lost. */

import type { Device } from '../../gpu/device.ts';
import { UserError } from '../../model/user_error.ts';
import { element } from '../dom.ts';
import { scene_named, scenes } from '../scenes/index.ts';
import { read_address, read_seed, seed_words, wanted_words } from './address.ts';
import { create_controls, press_by_keys } from './controls.ts';
import { create_data_line, refused_files } from './data_line.ts';
import { type DroppedFile, read_files, take_dropped } from './drop.ts';
import { create_form } from './form.ts';
import { create_frame } from './frame.ts';
import { keep_device } from './kept_device.ts';
import { no_scene } from './no_scene.ts';
import { recorded_picture } from './recorded.ts';
import { type Running, start_run } from './run.ts';
import type { Scene } from './scene.ts';
import { read_values, unusual, type Value, type Values, write_values } from './settings.ts';
import { create_strip } from './strip.ts';
import type { Turns } from './turns.ts';

const state = document.documentElement.dataset;
/** Losses of the device in a row after which it is left alone. */
const most_losses = 3;

export async function show_demo(main: HTMLElement, asked: URLSearchParams): Promise<void> {
  const name = asked.get('scene') ?? (scenes[0] as (typeof scenes)[number]).name;
  const found = scene_named(name);
  if (!found) {
    main.append(...no_scene(name, asked));
    state.state = 'failed';
    return;
  }
  const scene: Scene = found;
  document.title = `langevin: ${scene.title}`;
  const strip = create_strip();
  const controls = create_controls({ run: begin_anew, reset: begin_anew });
  const seed_box = element('input', { id: 'seed', type: 'text', inputMode: 'numeric', size: 6 });
  const data_line = create_data_line(scene.takes, {
    chosen: (list) => void take_list(list),
    left_out: () => take_files([]),
  });
  const { fields, bar, notes, figures, result } = create_frame(main, scene, {
    bar: [controls.element, element('label', {}, 'Seed ', seed_box), data_line.element],
    foot: strip.element,
  });

  // There is nothing to run on yet.
  bar.inert = true;
  const devices = keep_device({ has: strip.watch, lost: (error) => void recover(error) });
  const first_device = await devices.get().catch((error: unknown) => {
    figures.replaceChildren(...recorded_picture(scene.name, scene.title));
    fail(message_of(error));
  });
  if (!first_device) return;
  const { kind } = first_device.adapter;
  const settings_of = (of: Values) => scene.settings(kind, of);
  const { data: wanted, problems, ...begun_with } = read_address(asked, settings_of);
  let { seed, values } = begun_with;
  /** What differs from what is usual: it stays chosen while other choices hide it, and the rest follows them. */
  let chosen = unusual(settings_of(values), values);
  let files: readonly DroppedFile[] = [];
  say([...problems, ...(wanted.length > 0 ? [wanted_words(wanted)] : [])]);
  seed_box.value = String(seed);
  seed_box.addEventListener('change', () => {
    const read = read_seed(seed_box.value);
    seed_box.setCustomValidity(read === undefined ? seed_words : '');
    seed_box.reportValidity();
    if (read === undefined) return;
    seed = read;
    begin_anew();
  });
  show_settings();
  take_dropped(document.documentElement, (list) => void take_list(list));

  /** The last that was begun, ended or not. */
  let running: Running | undefined;
  let losses = 0;
  let checkpoint: unknown;
  let begun = 0;
  press_by_keys(controls.element);
  bar.inert = false;
  // What moves by itself is not for everybody.
  if (matchMedia('(prefers-reduced-motion: reduce)').matches || wanted.length > 0) state.state = 'ready';
  else await begin();

  /** The run goes on, or begins again, on a new device with the same numbers: it comes to the same states. */
  async function recover(error: Error): Promise<void> {
    console.warn(error);
    if (state.state === 'done') {
      say([
        `The GPU was lost (${error.message}). The result stays; clouds are drawn no more, until “Run” begins again.`,
      ]);
      return;
    }
    losses += 1;
    if (losses >= most_losses) {
      // A person may try anew.
      losses = 0;
      await running?.end();
      return fail(message_of(error));
    }
    if (state.state === 'ready') return;
    // What ran may have failed by it, before the loss was told here.
    state.state = 'running';
    const from = checkpoint === undefined ? 'Beginning again from the same seed' : 'Going on from what was kept last';
    say([`The GPU was lost (${error.message}). ${from}.`]);
    await begin(checkpoint);
  }

  /** Undefined where there is none, which was dealt with unless another run has begun meanwhile. */
  async function device_for(run: number): Promise<Device | undefined> {
    try {
      return await devices.get();
    } catch (error) {
      // One that is lost before it is of use is lost like others.
      if (run === begun) await (error instanceof UserError ? fail(error.message) : recover(error as Error));
      return undefined;
    }
  }

  /** As a person asks for it: what was said before is settled. */
  function begin_anew(): void {
    say([]);
    void begin();
  }

  async function take_list(list: FileList): Promise<void> {
    try {
      const given = await read_files(list);
      if (given.length > 0) take_files(given);
    } catch (error) {
      say([(error as Error).message]);
    }
  }

  /** None: the scene's own data. */
  function take_files(given: readonly DroppedFile[]): void {
    const problem = refused_files(scene.takes, given);
    if (problem !== undefined) {
      say([problem]);
      return;
    }
    files = given;
    begin_anew();
  }

  async function begin(kept?: unknown): Promise<void> {
    checkpoint = kept;
    begun += 1;
    const mine = begun;
    await running?.end();
    const device = await device_for(mine);
    // Asked for again meanwhile: the last one counts.
    if (!device || mine !== begun) return;
    data_line.show(files);
    running = start_run(
      { scene, device, seed, values, settings: settings_of(values), files, checkpoint: kept },
      { figures, result, strip },
      {
        kept(to_go_on_from) {
          checkpoint = to_go_on_from;
        },
        held: show_turns,
        done() {
          losses = 0;
          checkpoint = undefined;
        },
        failed: fail,
      },
    );
  }

  function show_turns(turns: Turns | undefined): void {
    controls.show(turns);
    strip.held(turns?.hold);
  }

  function fail(problem: string): void {
    state.state = 'failed';
    show_turns(undefined);
    say([problem]);
  }

  function say(lines: readonly string[]): void {
    notes.replaceChildren(...lines.map((line) => element('p', { className: 'problem', role: 'alert' }, line)));
  }

  function show_settings(): void {
    const form = create_form(settings_of(values), values, change);
    const expert = element('details', {}, element('summary', {}, 'Expert'), form.expert);
    expert.open = fields.querySelector('details')?.open ?? false;
    fields.replaceChildren(form.plain, ...(form.expert.childElementCount > 0 ? [expert] : []));
  }

  function change(name: string, value: Value): void {
    chosen = { ...chosen, [name]: value };
    if (name === scene.replaced) files = [];
    const settings = settings_of(chosen);
    // Others may have come with it, and some gone.
    values = read_values(settings, write_values(settings, chosen)).values;
    if (settings.find((one) => one.name === name)?.kind === 'choice') {
      show_settings();
      document.getElementById(`setting-${name}`)?.focus();
    }
    begin_anew();
  }
}

const message_of = (error: unknown) => (error instanceof Error ? error.message : String(error));

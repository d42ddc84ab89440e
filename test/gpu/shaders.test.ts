// Acceptance: every kernel links and is valid for every combination of the conditions that its text or its imports mention, in which a run can use it, and its longest text becomes a pipeline; Node and the page see the same texts; no
// shader is left that nothing uses. Equality throughout. (A driver's compiler takes seconds for a text whose validation takes milliseconds, and runs of other tests are pipelines too.)

import { describe, expect, it } from 'vitest';
import { model_modules } from '../../src/filter/model_modules.ts';
import { predict_access_module } from '../../src/filter/predict_access.ts';
import type { KernelOptions } from '../../src/gpu/device.ts';
import { compile_kernel } from '../../src/gpu/kernel.ts';
import { link_shader, reflect_bindings } from '../../src/gpu/link.ts';
import { lgssm } from '../../src/model/catalog/lgssm.ts';
import { prior_module } from '../../src/model/prior_wgsl.ts';
import type { LogDensityModel, StateSpaceModel } from '../../src/model/types.ts';
import { validate_model } from '../../src/model/validate.ts';
import { network_parts } from '../../src/network/modules.ts';
import { type Tiling, tilings } from '../../src/network/tiles.ts';
import { read_shader_files } from '../../src/node/shader_files.ts';
import { bundled_shaders } from '../../src/page/shader_files.ts';
import { collect_modules } from '../../src/page/view/collect.ts';
import { population_modules } from '../../src/population/target_module.ts';
import { external_modules, log_density_modules, tile_modules } from '../../src/sample/target_module.ts';
import { tile_text } from '../../src/sample/tile_module.ts';
import { drift_options, plan_kernels } from '../../src/sde/kernels.ts';
import type { SdeSizes } from '../../src/sde/modules.ts';
import { type SdeModel, sde_layout } from '../../src/sde/problem.ts';
import { use_device } from '../device.ts';
import { ring } from '../filter/models.ts';
import { every_kind } from '../model/log_density_models.ts';
import german_credit from '../sample/models/german_credit_a.ts';

const table = read_shader_files();
const with_entry = (stage: string) =>
  Object.keys(table)
    .filter((path) => table[path]?.includes(stage))
    .map((path) => path.replace(/\.wgsl$/, ''));
const kernels = with_entry('@compute');
const drawings = with_entry('@vertex');

/** Paths of the shaders that a text imports, directly or not. */
function imported(text: string, found = new Set<string>()): Set<string> {
  for (const [, name = ''] of text.matchAll(/import package::([\w:]+?)::(?:\w+;|\{)/g)) {
    const path = `${name.replaceAll('::', '/')}.wgsl`;
    if (found.has(path) || table[path] === undefined) continue;
    found.add(path);
    imported(table[path], found);
  }
  return found;
}

/** Names in `@if(…)` of a kernel and all that it imports. */
function conditions_of(kernel: string): string[] {
  const own = table[`${kernel}.wgsl`] as string;
  const texts = [own, ...[...imported(own)].map((path) => table[path] as string)];
  const conditions = texts.flatMap((text) =>
    [...text.matchAll(/@if\(([^)]*)\)/g)].map(([, condition]) => condition as string),
  );
  return [...new Set(conditions.flatMap((condition) => condition.match(/\w+/g) ?? []))].sort();
}

const combinations = (names: readonly string[]): Record<string, boolean>[] =>
  Array.from({ length: 2 ** names.length }, (_, bits) =>
    Object.fromEntries(names.map((name, i) => [name, ((bits >> i) & 1) === 1])),
  );

/** Half of the combinations of three, in which any two of them are met in all their four states: no line of the shaders hangs on all three, and compiling takes seconds each. */
const pairs_of = (...names: [string, string, string]) =>
  combinations(names).filter((one) => Object.values(one).filter(Boolean).length % 2 === 0);

/** What the hosts of the stages never ask for: a proposal that the model lacks, or forward runs and noise with the bank's conditions. */
function is_possible(kernel: string, model: StateSpaceModel, c: Record<string, boolean>): boolean {
  if (c.guided && !model.has_guided) return false;
  // Asked for by src/filter/lineage.ts alone.
  if (c.lineage && (c.shared || c.gradient || c.trace)) return false;
  if (/filter\/(predict|shared_noise)/.test(kernel)) return !c.shared && !c.gradient && !c.trace && !c.guided;
  if (kernel.startsWith('smc2/'))
    return (c.gradient ?? c.langevin) === (c.langevin ?? c.gradient) && !c.trace && !c.guided;
  if (kernel === 'filter/grid_trace_total') return c.trace === true;
  return true;
}

function modules_for(model: StateSpaceModel, gradient: boolean): Record<string, string> {
  const dimension = model.scalars.length;
  return {
    ...model_modules(model, gradient ? dimension : 0),
    predict_access: predict_access_module(model, model.counts),
    smc2_sizes: `const dimension = ${dimension}u;`,
    model_prior: prior_module(model),
  };
}

const models = [validate_model(lgssm), ring.model];
const regression = validate_model(german_credit) as LogDensityModel;

/** By what a kernel of the HMC family asks of its target (src/sample/target.ts). */
function targets_of(kernel: string): Record<string, string>[] {
  const bank = () =>
    external_modules(models[0] as StateSpaceModel, model_modules(models[0] as StateSpaceModel, 0).model ?? '');
  const tiles = () => [1, 8].map((tile) => tile_modules(regression, tile_text(regression, 100, 3, tile)));
  if (kernel === 'sample/constrain') return [bank()];
  if (kernel === 'sample/gradient_tile') return tiles();
  const every = log_density_modules(every_kind as LogDensityModel, 0, 1);
  if (/run|gradient/.test(kernel)) return [every, log_density_modules(regression, 100, 3)];
  // Tiles and rows of one model are alike here.
  return [bank(), every, ...tiles().slice(0, 1)];
}

/** Every text that a run can ask for. */
async function texts_of(kernel: string): Promise<Set<string>> {
  const texts = new Set<string>();
  const link = async (modules: Record<string, string>, conditions: Record<string, boolean>) =>
    texts.add(await link_shader(table, { kernel, modules, conditions }));
  if (kernel.startsWith('merge/')) {
    for (const tiling of Object.values(tilings)) {
      const { modules, directives } = network_parts({ inputs: 3, units: 32, batch: 32, tiling });
      texts.add(await link_shader(table, { kernel, modules: { ...modules }, directives: directives ?? [] }));
    }
    return texts;
  }
  if (kernel.startsWith('sde/') || kernel.startsWith('network/')) {
    for (const options of sde_kernels().filter((one) => one.kernel === kernel)) {
      const { modules, directives } = options;
      texts.add(await link_shader(table, { kernel, modules: { ...modules }, directives: directives ?? [] }));
    }
    return texts;
  }
  if (kernel.startsWith('sample/')) {
    for (const modules of targets_of(kernel))
      for (const conditions of pairs_of('dense', 'moments', 'nuts')) await link(modules, conditions);
    return texts;
  }
  if (kernel === 'view/collect') {
    await link(collect_modules(every_kind, [0, 1, 2]), {});
    await link(collect_modules(models[0] as StateSpaceModel, [0, 1]), {});
    return texts;
  }
  if (kernel.startsWith('population/')) {
    const targets = [
      population_modules(every_kind as LogDensityModel, 0),
      ...[true, false].map((anchored) => population_modules(regression, 100, { anchored })),
    ];
    const kinds = kernel === 'population/langevin' ? [{ momentum: true }, { adjusted: true }, {}] : [{}];
    for (const modules of targets)
      for (const kind of kinds) await link(modules, { momentum: false, adjusted: false, ...kind });
    return texts;
  }
  for (const model of models) {
    for (const conditions of combinations(conditions_of(kernel))) {
      if (!is_possible(kernel, model, conditions)) continue;
      // The kernels of the mean score exist for gradients alone, and say no word of a condition.
      const gradient = conditions.gradient === true || kernel.startsWith('filter/grid_score');
      await link(modules_for(model, gradient), conditions);
    }
  }
  return texts;
}

/** Of a latent SDE with all that a model may have, and of one with as little as it can. */
function sde_kernels(): KernelOptions[] {
  const net = { hidden: [32], activation: 'tanh' } as const;
  const estimator = { nets: 2, windows: 2, nodes: 32, pairs: 16, paths: 2, repeats: 2 };
  const all: SdeModel = {
    ...{ latent: 3, observed: 2, drift: { ...net, moves_in_time: true }, decoder: net, encoder: net },
    ...{ likelihood: 'student_t', rotation: true, diffusion_knots: 3 },
    learns: { diffusion: true, noise: true, start: true },
  };
  const little: SdeModel = {
    ...{ latent: 1, observed: 1, drift: { hidden: [], activation: 'relu', moves_in_time: false }, decoder: 'identity' },
    ...{ encoder: { hidden: [], activation: 'softplus' }, likelihood: 'gaussian', rotation: false, diffusion_knots: 1 },
    learns: { diffusion: false, noise: false, start: false },
  };
  const of = (model: SdeModel, tiling: Tiling, more: Partial<SdeSizes> = {}) => {
    const sizes = { model, estimator, layout: sde_layout(tiling, model, 10), most_observations: 20, ...more };
    return [...Object.values(plan_kernels(sizes).options), drift_options(sizes, 'sde/rollout').options];
  };
  // Every tiling and every way once: compiling takes seconds.
  return [
    ...of(all, tilings.sharing),
    ...of({ ...little, interpolation: 'deep_kernel' }, tilings.hardware),
    ...of(little, tilings.software, {
      estimator: { ...estimator, windows: 16, paths: 1 },
      solver: { steps_per_observation: 2, windows: 16 },
    }),
  ];
}

/** What the compiler of WGSL says against a text. */
async function invalid_in(gpu: GPUDevice, code: string): Promise<string[]> {
  gpu.pushErrorScope('validation');
  const info = await gpu.createShaderModule({ code }).getCompilationInfo();
  const refused = await gpu.popErrorScope();
  const errors = info.messages.filter(({ type }) => type === 'error');
  return [
    ...errors.map(({ lineNum, message }) => `line ${lineNum}: ${message}`),
    ...(refused ? [refused.message] : []),
  ];
}

const overrides = { particle_count: 32, draw_count: 2, lanes: 16, width: 16, levels: 10, count: 4 };

describe.each(kernels)('%s', (kernel) => {
  const device = use_device();
  it('links and is valid in every combination of its conditions, with bindings numbered apart', async () => {
    const texts = await texts_of(kernel);
    expect(texts.size).toBeGreaterThan(0);
    const longest = [...texts].reduce((a, b) => (b.length > a.length ? b : a));
    await compile_kernel(device().gpu, { label: kernel, wgsl: longest, overrides });
    for (const wgsl of texts) {
      expect(await invalid_in(device().gpu, wgsl)).toEqual([]);
      const bindings = reflect_bindings(wgsl);
      const declared = wgsl.match(/@binding\(/g)?.length ?? 0;
      expect(bindings.length).toBe(declared);
      expect(new Set(bindings.map((b) => b.binding)).size).toBe(declared);
      expect(new Set(bindings.map((b) => b.name)).size).toBe(declared);
    }
  });
});

describe.each(drawings)('%s', (drawing) => {
  const device = use_device();
  it('links and compiles', async () => {
    const { gpu } = device();
    const code = await link_shader(table, { kernel: drawing });
    const { messages } = await gpu.createShaderModule({ code }).getCompilationInfo();
    expect(messages.filter(({ type }) => type === 'error')).toEqual([]);
    await device().finish();
  });
});

it('the page bundles the same shaders as Node reads', () => {
  expect(bundled_shaders()).toEqual(table);
});

it('every shader is a kernel, a drawing or imported by one, or by what is generated for a model', () => {
  const generated = [
    ...models.flatMap((model) => Object.values(modules_for(model, true))),
    ...kernels
      .filter((kernel) => kernel.startsWith('sample/'))
      .flatMap((kernel) => targets_of(kernel).flatMap(Object.values)),
    ...sde_kernels().flatMap(({ modules = {} }) => Object.values(modules)),
  ];
  const used = new Set([...kernels, ...drawings].map((path) => `${path}.wgsl`));
  for (const text of [...kernels.map((kernel) => table[`${kernel}.wgsl`] as string), ...generated]) {
    for (const path of imported(text)) used.add(path);
  }
  expect(Object.keys(table).filter((path) => !used.has(path))).toEqual([]);
});

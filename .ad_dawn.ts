import { readFileSync, readdirSync } from 'node:fs';
import { create } from 'webgpu';
import { link } from 'wesl';
import { differentiate } from './src/autodiff/differentiate.ts';
const src = readFileSync('.ad_probe.ts', 'utf8');
const m = /const source = `([^]*?)`;\nconst declarations = `([^]*?)`;/.exec(src)!;
const gpu = create([]); const adapter = await gpu.requestAdapter(); const device = await adapter!.requestDevice();
const lib = Object.fromEntries(readdirSync('shaders/lib').map(f => [`lib/${f}`, readFileSync('shaders/lib/' + f, 'utf8')]));
for (const width of [0, 1, 2, 3, 4, 5, 8, 9, 12, 16]) {
  const { wgsl } = differentiate({ source: m[1]!, declarations: m[2]!, width, entries: [{ name: 'transition', active: [true, true, false, false] }, { name: 'log_observation', active: [false, true, true, false] }] });
  const d = width ? 'transition_d' : 'transition';
  const main = `import package::model::{State, Theta, ${width ? 'transition_d, log_observation_d, State_d, Theta_d, ' : 'transition, '}log_observation, Observation};
@group(0) @binding(0) var<storage, read_write> out: array<f32>;
@compute @workgroup_size(1) fn main() { var x: State; var th: Theta; ${width ? 'var xd: State_d; var td: Theta_d; out[0] = transition_d(x, xd, th, td, array<f32,2>(), 1.0).v.s; out[1] = log_observation_d(Observation(), x, xd, th, td, 1.0).v;' : 'out[0] = transition(x, th, array<f32,2>(), 1.0).s;'} out[2] = log_observation(Observation(), x, th, 1.0); }`;
  const linked = await link({ weslSrc: { ...lib, 'model.wgsl': wgsl, 'main.wgsl': main }, rootModuleName: 'main' });
  device.pushErrorScope('validation');
  const mod = device.createShaderModule({ code: linked.dest });
  const info = await mod.getCompilationInfo();
  const lines = linked.dest.split('\n');
  console.log(width, info.messages.map(x => `${x.lineNum}: ${x.message} | ${lines[x.lineNum - 1]}`));
  device.createComputePipeline({ layout: 'auto', compute: { module: mod } });
  const e = await device.popErrorScope(); if (e) console.log(e.message.slice(0, 600));
}
device.destroy(); process.exit(0);

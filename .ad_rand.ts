import { readFileSync, readdirSync } from 'node:fs';
import fc from 'fast-check';
import { create } from 'webgpu';
import { link } from 'wesl';
import { differentiate } from './src/autodiff/differentiate.ts';
import { program_declarations, random_program } from './test/autodiff/random_program.ts';
const gpu = create([]); const adapter = await gpu.requestAdapter(); const device = await adapter!.requestDevice();
const lib = Object.fromEntries(readdirSync('shaders/lib').map(f => [`lib/${f}`, readFileSync('shaders/lib/' + f, 'utf8')]));
const programs = fc.sample(fc.gen().map(g => random_program(g)), { numRuns: 150, seed: Number(process.argv[2] ?? 3) });
let bad = 0, illegal = 0;
for (const [i, source] of programs.entries()) {
  const width = [1, 3, 4, 6, 11, 16][i % 6]!;
  // is the original legal?
  const { wgsl } = differentiate({ source, declarations: program_declarations, width, entries: [{ name: 'f', active: [true, true, i % 2 === 0, false] }] });
  const primal = differentiate({ source, declarations: program_declarations, width: 0, entries: [] }).wgsl;
  const msgs = async (model: string, body: string, imp: string) => {
    const main = `import package::model::{State, f${imp}};\n@group(0) @binding(0) var<storage, read_write> out: array<f32>;\n@compute @workgroup_size(1) fn main() { var x: State; ${body} }`;
    const linked = await link({ weslSrc: { ...lib, 'model.wgsl': model, 'main.wgsl': main }, rootModuleName: 'main' });
    const mod = device.createShaderModule({ code: linked.dest });
    const info = await mod.getCompilationInfo();
    const lines = linked.dest.split('\n');
    return info.messages.filter(m => m.type === 'error').map(m => `${m.message} | ${lines[m.lineNum - 1]}`);
  };
  const p = await msgs(primal, 'out[0] = f(x, 1.0, vec3f(), 1.0).a;', '');
  if (p.length) { illegal++; console.log('PRIMAL', p[0]!.slice(0, 300)); continue; }
  const d = await msgs(wgsl, `var x_d: State_d; var q_d: array<Tangent, 3>; out[0] = f_d(x, x_d, 1.0, Tangent(), vec3f(), ${i % 2 === 0 ? 'q_d, ' : ''}1.0).v.a; out[1] = f(x, 1.0, vec3f(), 1.0).a;`, ', f_d, State_d, Tangent');
  if (d.length) { bad++; console.log('DUAL', i, width, d[0]!.slice(0, 500)); }
}
console.log({ bad, illegal, of: programs.length });
device.destroy(); process.exit(0);

/** A device for tests: one per test file, and a way to run a few lines of WGSL that import the project's shaders. */

import { afterAll, beforeAll } from 'vitest';
import type { Device } from '../src/gpu/device.ts';
import { compile_kernel } from '../src/gpu/kernel.ts';
import { link_shader } from '../src/gpu/link.ts';
import { request_device } from '../src/node/dawn.ts';
import { read_shader_files } from '../src/node/shader_files.ts';

/** Opens a device before the file's tests and destroys it after them. The function returned gives it, inside tests. */
export function use_device(): () => Device {
  let device: Device | undefined;
  beforeAll(async () => {
    device = await request_device();
  });
  afterAll(() => device?.destroy());
  return () => {
    if (!device) throw new Error('the device is open only while tests run');
    return device;
  };
}

type Words = Uint32Array<ArrayBuffer> | Float32Array<ArrayBuffer>;

export interface TestKernel {
  /** A module with an entry point `main`; it may import `package::lib::…` and those of `modules`. */
  wgsl: string;
  /** Generated modules, as for `link_shader`. */
  modules?: Readonly<Record<string, string>>;
  /** Contents of the buffers it reads, by binding name. */
  inputs: Readonly<Record<string, Words>>;
  /** The buffer it writes. */
  output: { name: string; words: number };
  workgroups: number;
  overrides?: Readonly<Record<string, number>>;
}

/** Links, compiles and runs it once; what it wrote. */
export async function run_kernel(device: Device, kernel: TestKernel): Promise<ArrayBuffer> {
  const table = { ...read_shader_files(), 'test/kernel.wgsl': kernel.wgsl };
  const wgsl = await link_shader(table, { kernel: 'test/kernel', modules: kernel.modules ?? {} });
  const compiled = await compile_kernel(device.gpu, {
    label: 'langevin.test.kernel',
    wgsl,
    overrides: kernel.overrides ?? {},
  });
  const buffers = Object.fromEntries(
    Object.entries(kernel.inputs).map(([name, data]) => [name, device.upload(`langevin.test.${name}`, data)]),
  );
  const bytes = 4 * kernel.output.words;
  const output = device.buffers.take('langevin.test.output', bytes);
  const group = compiled.bind({ ...buffers, [kernel.output.name]: output });
  device.submit('langevin.test', (pass) => compiled.dispatch(pass, group, kernel.workgroups));
  const result = await device.read(output, bytes);
  for (const buffer of [...Object.values(buffers), output]) device.buffers.give(buffer);
  return result;
}

/** WGSL of a kernel that applies `body` to each element: `input` and `id` are in scope, `return` gives the element of `output`. */
export function elementwise(imports: string, input: string, output: string, body: string): string {
  return `${imports}
@group(0) @binding(0) var<storage, read> inputs: array<${input}>;
@group(0) @binding(1) var<storage, read_write> outputs: array<${output}>;
override count: u32;
fn element(input: ${input}, id: u32) -> ${output} {
  ${body}
}
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) at: vec3<u32>) {
  if (at.x < count) {
    outputs[at.x] = element(inputs[at.x], at.x);
  }
}
`;
}

/** Runs an `elementwise` kernel. `input_words` and `output_words` are the u32 words of one element. */
export function run_elementwise(
  device: Device,
  wgsl: string,
  inputs: Words,
  input_words: number,
  output_words: number,
): Promise<ArrayBuffer> {
  const count = inputs.length / input_words;
  return run_kernel(device, {
    wgsl,
    inputs: { inputs },
    output: { name: 'outputs', words: count * output_words },
    workgroups: Math.ceil(count / 64),
    overrides: { count },
  });
}

/** A compute pipeline with its bindings by name, as they stand in the shader. */

import { GpuError } from './gpu_error.ts';
import { type Binding, reflect_bindings } from './link.ts';

export interface Kernel {
  readonly label: string;
  /** The linked WGSL. */
  readonly wgsl: string;
  /** Makes the bind group once: `buffers` names every binding of the shader, no more and no less. */
  bind(buffers: Readonly<Record<string, GPUBuffer>>): GPUBindGroup;
  /** Records one dispatch; `workgroups` counts along x, and is split over x and y where it exceeds the device's limit. */
  dispatch(pass: GPUComputePassEncoder, bindings: GPUBindGroup, workgroups: number): void;
}

export interface KernelSource {
  /** `langevin.<stage>.<role>` */
  label: string;
  wgsl: string;
  overrides: Readonly<Record<string, number>>;
}

/** Lines `error: …` of a shader's compilation with the source lines they name. */
async function compilation_errors(module: GPUShaderModule, wgsl: string): Promise<string[]> {
  const lines = wgsl.split('\n');
  const info = await module.getCompilationInfo();
  return info.messages
    .filter((m) => m.type === 'error')
    .map((m) => `${m.lineNum}:${m.linePos} ${m.message}\n    ${lines[m.lineNum - 1]?.trim() ?? ''}`);
}

/** Compiles a linked shader. Throws GpuError with the compiler's messages and the lines they point at. */
export async function compile_kernel(device: GPUDevice, source: KernelSource): Promise<Kernel> {
  const { label, wgsl, overrides } = source;
  const fail = (what: string): never => {
    throw new GpuError(`${label}: ${what}`);
  };
  device.pushErrorScope('validation');
  const module = device.createShaderModule({ label, code: wgsl });
  const errors = await compilation_errors(module, wgsl);
  if (errors.length > 0) {
    await device.popErrorScope();
    fail(`the shader does not compile.\n${errors.join('\n')}`);
  }
  const bindings = reflect_bindings(wgsl);
  const layout = device.createBindGroupLayout({
    label,
    entries: bindings.map(({ binding, type }) => ({ binding, visibility: GPUShaderStage.COMPUTE, buffer: { type } })),
  });
  // Only those the linked text declares, under the name it has there (reflect_bindings says why it may differ).
  const used = Object.fromEntries(
    Object.entries(overrides).flatMap(([name, value]) => {
      const declared = new RegExp(`override\\s+(${name}\\d*)\\b`).exec(wgsl)?.[1];
      return declared === undefined ? [] : [[declared, value]];
    }),
  );
  const pipeline = await device
    .createComputePipelineAsync({
      label,
      layout: device.createPipelineLayout({ label, bindGroupLayouts: [layout] }),
      compute: { module, entryPoint: 'main', constants: used },
    })
    .catch((error: unknown) => fail(error instanceof Error ? error.message : String(error)));
  const scope = await device.popErrorScope();
  if (scope) fail(scope.message);
  const limit = device.limits.maxComputeWorkgroupsPerDimension;
  return {
    label,
    wgsl,
    bind: (buffers) => device.createBindGroup({ label, layout, entries: bind_entries(label, bindings, buffers) }),
    dispatch(pass, group, workgroups) {
      const y = Math.ceil(workgroups / limit);
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, group);
      pass.dispatchWorkgroups(Math.ceil(workgroups / y), y);
    },
  };
}

function bind_entries(label: string, bindings: readonly Binding[], buffers: Readonly<Record<string, GPUBuffer>>) {
  const unknown = Object.keys(buffers).find((name) => !bindings.some((b) => b.name === name));
  if (unknown) throw new Error(`${label} has no binding ${unknown}`);
  return bindings.map(({ name, binding }) => {
    const buffer = buffers[name];
    if (!buffer) throw new Error(`${label}: binding ${name} is not given`);
    return { binding, resource: { buffer } };
  });
}

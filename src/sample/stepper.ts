/** The kernels of one machine (HMC or NUTS) on one target, and how a number of leapfrog steps is submitted (target.ts says what the shapes are). */

import type { Device } from '../gpu/device.ts';
import { reflect_bindings } from '../gpu/link.ts';
import type { ChainSizes } from './memory.ts';
import type { Target } from './target.ts';

export type Machine = 'hmc' | 'nuts';

/** Submits `ticks` leapfrog steps of every chain that may go on. */
export type Stepper = (ticks: number) => Promise<void>;

interface Stage {
  record(pass: GPUComputePassEncoder): void;
}

export async function create_stepper(
  device: Device,
  target: Target,
  buffers: Readonly<Record<string, GPUBuffer>>,
  { chains, metric, levels, moments }: ChainSizes,
  machine: Machine,
): Promise<Stepper> {
  const { blocks, tile, shape } = target;
  // Four lanes are one vector of SwiftShader's; more workgroups share the cores better.
  const lanes = device.adapter.kind === 'software' ? 4 : 64;
  const stage = async (name: string, invocations: number): Promise<Stage> => {
    const kernel = await device.kernel({
      kernel: `sample/${name}`,
      modules: target.modules,
      conditions: { nuts: machine === 'nuts', dense: metric === 'dense', moments: moments !== undefined },
      overrides: { lanes, levels: levels ?? 1 },
    });
    const bindings = reflect_bindings(kernel.wgsl).map(({ name: binding }) => [binding, buffers[binding] as GPUBuffer]);
    const group = kernel.bind(Object.fromEntries(bindings));
    return { record: (pass) => kernel.dispatch(pass, group, Math.ceil(invocations / lanes)) };
  };
  const label = `langevin.sample.${machine}`;
  if (shape === 'fused') {
    const run = await stage('run', chains);
    return async () => device.submit(label, run.record);
  }
  const begin = await stage('begin', chains);
  const advance = await stage('advance', chains);
  if (shape === 'split' || shape === 'tile') {
    const gradient =
      shape === 'split'
        ? await stage('gradient', chains * blocks)
        : await stage('gradient_tile', Math.ceil(chains / tile) * blocks);
    return async (ticks) =>
      device.submit(label, (pass) => {
        begin.record(pass);
        for (let tick = 0; tick < ticks; tick++) {
          gradient.record(pass);
          advance.record(pass);
        }
      });
  }
  const constrain = await stage('constrain', chains);
  return async (ticks) => {
    for (let tick = 0; tick < ticks; tick++) {
      device.submit(label, (pass) => {
        if (tick === 0) begin.record(pass);
        constrain.record(pass);
      });
      await target.evaluate?.(buffers.parts as GPUBuffer);
      device.submit(label, advance.record);
    }
  };
}

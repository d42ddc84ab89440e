/** A cloud of what is shown of states on the device: a ring of slots, each with three numbers of every state (shaders/view/collect.wgsl). */

import type { Device } from '../../gpu/device.ts';
import { model_declarations } from '../../model/declarations.ts';
import { model_space_module } from '../../model/space_wgsl.ts';
import { member } from '../../model/struct_text.ts';
import type { Model } from '../../model/types.ts';

export interface Cloud {
  /** [slot][3][state] */
  readonly points: GPUBuffer;
  readonly states: number;
  /** Slots of the ring. */
  readonly capacity: number;
  /** Slots that have been written, at most `capacity`. */
  readonly slots: number;
  readonly newest: number;
}

export interface Collector {
  readonly cloud: Cloud;
  /** Copies the states of a buffer, [row][state] with the D unconstrained coordinates from `first_row` on, into the next slot. */
  add(states: GPUBuffer, first_row: number): void;
  clear(): void;
  destroy(): void;
}

export interface CollectOptions {
  model: Model;
  states: number;
  /** Slots that are kept. */
  capacity: number;
  /** Indices of scalars of theta: two or three. */
  shown: readonly number[];
}

/** The module `package::view_shown`: three numbers of theta. */
export function collect_modules(model: Model, shown: readonly number[]): Record<string, string> {
  const text = (i: number) => (shown[i] === undefined ? '0.0' : member(model.fields, shown[i], 'theta'));
  return {
    model: model_declarations(model, 0),
    model_space: model_space_module(model),
    view_shown: `
import package::model::Theta;
import package::model_space::{Phi, constrain};

fn shown(phi: ptr<function, Phi>) -> vec3<f32> {
  var theta = Theta();
  _ = constrain(phi, &theta);
  return vec3<f32>(${text(0)}, ${text(1)}, ${text(2)});
}
`,
  };
}

export async function create_collector(
  device: Device,
  { model, states, capacity, shown }: CollectOptions,
): Promise<Collector> {
  const kernel = await device.kernel({ kernel: 'view/collect', modules: collect_modules(model, shown) });
  const points = device.buffers.take('langevin.view.points', 12 * states * capacity);
  const params = device.buffers.take('langevin.view.collect', 12, GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST);
  let written = 0;
  const groups = new Map<GPUBuffer, GPUBindGroup>();
  const cloud: Cloud = {
    ...{ points, states, capacity },
    get slots() {
      return Math.min(written, capacity);
    },
    get newest() {
      return (written + capacity - 1) % capacity;
    },
  };
  return {
    cloud,
    add(from, first_row) {
      let group = groups.get(from);
      if (!group) {
        group = kernel.bind({ params, states: from, points });
        groups.set(from, group);
      }
      device.gpu.queue.writeBuffer(params, 0, Uint32Array.of(states, first_row, written % capacity));
      written += 1;
      device.submit('langevin.view.collect', (pass) =>
        kernel.dispatch(pass, group as GPUBindGroup, Math.ceil(states / 64)),
      );
    },
    clear() {
      written = 0;
    },
    destroy() {
      for (const buffer of [points, params]) device.buffers.give(buffer);
    },
  };
}

/** A canvas on which clouds are drawn from their buffers on the device, once per frame at most (shaders/view/cloud.wgsl). */

import type { Device } from '../../gpu/device.ts';
import { link_shader } from '../../gpu/link.ts';
import { bundled_shaders } from '../shader_files.ts';
import type { Cloud } from './collect.ts';

export interface CloudLook {
  /** Column-major 4 × 4: from the points' coordinates to clip space. */
  matrix: Float32Array;
  /** Red, green, blue, 0 to 1, by group; up to 8. */
  colours: readonly (readonly [number, number, number])[];
  alpha: number;
  /** Of the oldest slot, as a part of the newest's. */
  faintest: number;
  /** Radius of a point in pixels of the page. */
  radius: number;
}

export interface CloudCanvas {
  readonly element: HTMLCanvasElement;
  draw(clouds: readonly { cloud: Cloud; look: CloudLook }[]): void;
  destroy(): void;
}

/** Bytes of struct View. */
const view_bytes = 64 + 8 * 16 + 8 + 6 * 4;
const most_clouds = 4;

export async function create_cloud_canvas(device: Device): Promise<CloudCanvas> {
  const element = document.createElement('canvas');
  const context = element.getContext('webgpu');
  if (!context) throw new Error('this browser gives no WebGPU canvas');
  const { gpu } = device;
  const format = navigator.gpu.getPreferredCanvasFormat();
  context.configure({ device: gpu, format, alphaMode: 'premultiplied' });
  const code = await link_shader(bundled_shaders(), { kernel: 'view/cloud' });
  const module = gpu.createShaderModule({ label: 'langevin.view.cloud', code });
  const blend: GPUBlendComponent = { srcFactor: 'one', dstFactor: 'one-minus-src-alpha', operation: 'add' };
  const pipeline = await gpu.createRenderPipelineAsync({
    label: 'langevin.view.cloud',
    layout: 'auto',
    vertex: { module, entryPoint: 'corner' },
    fragment: { module, entryPoint: 'disc', targets: [{ format, blend: { color: blend, alpha: blend } }] },
    primitive: { topology: 'triangle-list' },
  });
  const uniform = GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST;
  const views = Array.from({ length: most_clouds }, () =>
    device.buffers.take('langevin.view.look', Math.ceil(view_bytes / 16) * 16, uniform),
  );
  const groups = new WeakMap<GPUBuffer, GPUBindGroup[]>();
  const group_of = (n: number, points: GPUBuffer): GPUBindGroup => {
    const known = groups.get(points) ?? [];
    groups.set(points, known);
    known[n] ??= gpu.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: [
        { binding: 0, resource: { buffer: views[n] as GPUBuffer } },
        { binding: 1, resource: { buffer: points } },
      ],
    });
    return known[n];
  };
  return {
    element,
    draw(clouds) {
      const ratio = window.devicePixelRatio;
      const width = Math.max(1, Math.round(element.clientWidth * ratio));
      const height = Math.max(1, Math.round(element.clientHeight * ratio));
      if (element.width !== width || element.height !== height) Object.assign(element, { width, height });
      clouds.forEach(({ cloud, look }, n) => {
        const size = [(2 * look.radius * ratio) / width, (2 * look.radius * ratio) / height] as const;
        gpu.queue.writeBuffer(views[n] as GPUBuffer, 0, pack_view(cloud, look, size));
      });
      const encoder = gpu.createCommandEncoder({ label: 'langevin.view' });
      const pass = encoder.beginRenderPass({
        colorAttachments: [
          {
            view: context.getCurrentTexture().createView(),
            loadOp: 'clear',
            storeOp: 'store',
            clearValue: [0, 0, 0, 0],
          },
        ],
      });
      pass.setPipeline(pipeline);
      clouds.forEach(({ cloud }, n) => {
        if (cloud.slots === 0) return;
        pass.setBindGroup(0, group_of(n, cloud.points));
        pass.draw(6 * cloud.states * cloud.slots);
      });
      pass.end();
      gpu.queue.submit([encoder.finish()]);
    },
    destroy() {
      context.unconfigure();
      element.remove();
      for (const view of views) device.buffers.give(view);
    },
  };
}

function pack_view(cloud: Cloud, look: CloudLook, radius: readonly [number, number]): ArrayBuffer {
  const bytes = new ArrayBuffer(Math.ceil(view_bytes / 16) * 16);
  const numbers = new Float32Array(bytes);
  numbers.set(look.matrix);
  look.colours.forEach((colour, i) => {
    numbers.set([...colour, look.alpha], 16 + 4 * i);
  });
  numbers.set(radius, 48);
  new Uint32Array(bytes).set([cloud.states, cloud.slots, cloud.newest, cloud.capacity, look.colours.length], 50);
  numbers[55] = look.faintest;
  return bytes;
}

/** Sizes around a centre, one of filters, particles and steps varied at a time: enough to see how cost grows, without the product of all three. */

import type { Device } from '../src/gpu/device.ts';

export interface Size {
  filters: number;
  particles: number;
  steps: number;
}
export type Dimension = keyof Size;

export interface Cross {
  centre: Size;
  values: Readonly<Record<Dimension, readonly number[]>>;
}

/** The sizes along one arm. */
export const arm = ({ centre, values }: Cross, dimension: Dimension): Size[] =>
  values[dimension].map((value) => ({ ...centre, [dimension]: value }));

/** A software adapter gets a smaller cross: it is full with a few filters, and a second of it is a millisecond of a GPU. */
export function sizes_for(device: Device, quick: boolean): Cross {
  if (device.adapter.kind === 'hardware') {
    return {
      centre: { filters: 1024, particles: 1024, steps: 100 },
      values: {
        particles: [128, 256, 512, 1024, 2048, 4096],
        filters: [64, 256, 1024, 4096, ...(quick ? [] : [16_384])],
        steps: [50, 100, 200, 500, ...(quick ? [] : [1000])],
      },
    };
  }
  return {
    centre: { filters: 64, particles: 256, steps: 50 },
    values: {
      particles: quick ? [128, 1024] : [128, 256, 512, 1024, 2048, 4096],
      filters: quick ? [64, 256] : [64, 256, 1024],
      steps: quick ? [50, 200] : [50, 100, 200, 500, 1000],
    },
  };
}

/** Where the device is full at every size: on a GPU, at least 2 million particles at once. */
export function growth_for(device: Device, quick: boolean): Cross {
  if (device.adapter.kind === 'hardware') {
    return {
      centre: { filters: 4096, particles: 512, steps: 50 },
      values: {
        particles: [512, 1024, 2048, 4096],
        filters: [4096, 8192, 12_288, 16_384],
        steps: [50, 100, 200, 400],
      },
    };
  }
  return {
    centre: { filters: 64, particles: 256, steps: 25 },
    values: {
      particles: quick ? [256, 512, 1024] : [256, 512, 1024, 2048, 4096],
      filters: quick ? [64, 128, 256] : [64, 128, 256, 512],
      steps: quick ? [25, 50, 100] : [25, 50, 100, 200, 400],
    },
  };
}

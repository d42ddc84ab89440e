/** What a kernel needs to hold a network: generated modules, directives and the size of its workgroup. */

import type { Device, KernelOptions } from '../gpu/device.ts';
import { layers_module } from './layers_module.ts';
import { product_module } from './product_module.ts';
import { layers, type NetworkSizes, network_sizes_module } from './residual.ts';
import { slopes_module } from './slopes_module.ts';
import { lanes_of, tiling_directives } from './tiles.ts';

/** Of a kernel's sources. */
export function network_parts(sizes: NetworkSizes): Pick<KernelOptions, 'modules' | 'directives'> {
  return {
    modules: {
      network_sizes: network_sizes_module(sizes),
      network_layers: layers_module(layers(sizes)),
      network_product: product_module(sizes.tiling),
      network_slopes: slopes_module(sizes.tiling),
    },
    directives: tiling_directives(sizes.tiling),
  };
}

/** Invocations of a workgroup, those of a reduction over it among them. */
export function network_overrides({ adapter }: Device): Record<'lanes' | 'width', number> {
  const lanes = lanes_of[adapter.kind];
  return { lanes, width: lanes };
}

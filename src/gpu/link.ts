/**
 * Turns one kernel's file and all that it imports into a single WGSL text, with the `wesl` linker, at run time, in Node and page alike.
 *
 * A kernel may import modules that do not exist on disk: those generated from the user's model (`package::model`). They are given here by name, beside the table.
 */

import { link } from 'wesl';
import type { ShaderTable } from './shader_table.ts';

export interface LinkOptions {
  /** Path of the kernel under `shaders/` without its ending, e.g. `filter/bank_lane`. */
  kernel: string;
  /** Generated modules, by the same kind of path: `{ model: '…' }` is `package::model`. */
  modules?: Readonly<Record<string, string>>;
  /** Answers for `@if(name)` in the shaders. */
  conditions?: Readonly<Record<string, boolean>>;
  /** Lines before all others, e.g. `enable subgroups;`. */
  directives?: readonly string[];
}

export async function link_shader(table: ShaderTable, options: LinkOptions): Promise<string> {
  if (table[`${options.kernel}.wgsl`] === undefined) throw new Error(`there is no shader ${options.kernel}.wgsl`);
  const sources: Record<string, string> = { ...table };
  for (const [name, text] of Object.entries(options.modules ?? {})) sources[`${name}.wgsl`] = text;
  const linked = await link({
    weslSrc: sources,
    rootModuleName: options.kernel,
    conditions: { ...options.conditions },
  });
  return [...(options.directives ?? []), linked.dest].join('\n');
}

export interface Binding {
  name: string;
  binding: number;
  type: GPUBufferBindingType;
}

/** The bindings that a linked text declares, in order. All our kernels use group 0 only. */
export function reflect_bindings(wgsl: string): Binding[] {
  const declaration =
    /@group\(0\)\s*@binding\((\d+)\)\s*var<\s*(uniform|storage)\s*(?:,\s*(read|read_write)\s*)?>\s*(\w+)/g;
  const bindings: Binding[] = [];
  for (const [, index, space, access, name] of wgsl.matchAll(declaration)) {
    const type = space === 'uniform' ? 'uniform' : access === 'read_write' ? 'storage' : 'read-only-storage';
    // Where a model uses the same word, the linker puts a number behind ours; no binding of ours ends in one.
    bindings.push({ name: (name as string).replace(/\d+$/, ''), binding: Number(index), type });
  }
  return bindings.sort((a, b) => a.binding - b.binding);
}

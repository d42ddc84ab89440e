/** Runs reversed functions in float64 by the interpreter: one reverse sweep per f32 of the result, as a matrix like the forward tangents. */

import { reverse_differentiate } from '../../src/autodiff/reverse/reverse_differentiate.ts';
import { interpret, type Value } from '../reference/wgsl_interpreter.ts';
import { pointer_to } from '../reference/wgsl_values.ts';
import { type Case, floats, library, map_floats } from './harness.ts';

export interface Reversed {
  value: number[];
  /** [result][direction], as in harness.ts. */
  gradients: number[][];
  wgsl: string;
}

/** `unroll` and `inline` as for reverse_differentiate. */
export function run_reversed(c: Case & { unroll?: number; inline?: number }): Reversed {
  const { source, declarations = '', entry, active, inputs, variables = {}, ...options } = c;
  const { wgsl } = reverse_differentiate({ source, declarations, entries: [{ name: entry, active }], ...options });
  const interpreter = interpret([...library, wgsl], { variables });
  const run = (seed: Value) => {
    const adjoints = inputs.flatMap((input, i) => (active[i] ? [pointer_to(map_floats(input, () => 0))] : []));
    const value = interpreter.call(`${entry}_r`, ...inputs, seed, ...adjoints);
    return { value, gradient: adjoints.flatMap((pointer) => floats(pointer.get())) };
  };
  const original = interpret([...library, source.replace(/import[^;]*;/g, ''), declarations], { variables });
  const shape = original.call(entry, ...inputs);
  const count = floats(shape).length;
  const runs = Array.from({ length: count }, (_, r) => {
    let index = 0;
    return run(map_floats(shape, () => (index++ === r ? 1 : 0)));
  });
  return { value: floats(runs[0]?.value ?? 0), gradients: runs.map(({ gradient }) => gradient), wgsl };
}

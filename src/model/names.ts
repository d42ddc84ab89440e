/** Which names can stand in the generated WGSL as they are. */

import type { Model } from './types.ts';

const words = (text: string) => new Set(text.trim().split(/\s+/));

/** WGSL's keywords and reserved words (W3C WGSL, §15.1 and §15.2). */
const wgsl_words = words(`
  alias break case const const_assert continue continuing default diagnostic discard else enable false fn for if let loop override requires return struct switch true var while
  NULL Self abstract active alignas alignof as asm asm_fragment async attribute auto await become cast catch class co_await co_return co_yield coherent column_major common
  compile compile_fragment concept const_cast consteval constexpr constinit crate debugger decltype delete demote demote_to_helper do dynamic_cast enum explicit export
  extends extern external fallthrough filter final finally friend from fxgroup get goto groupshared highp impl implements import inline instanceof interface layout lowp
  macro macro_rules match mediump meta mod module move mut mutable namespace new nil noexcept noinline nointerpolation non_coherent noncoherent noperspective null nullptr
  of operator package packoffset partition pass patch pixelfragment precise precision premerge priv protected pub public readonly ref regardless register reinterpret_cast
  require resource restrict self set shared sizeof smooth snorm static static_assert static_cast std subroutine super target template this thread_local throw trait try type
  typedef typeid typename typeof union unless unorm unsafe unsized use using varying virtual volatile wgsl where with writeonly yield`);

/** Names that we generate beside the author's text. */
const generated_types: Readonly<Record<Model['kind'], ReadonlySet<string>>> = {
  'state-space': words('Theta State Observation Noise Guided Tangent'),
  'log-density': words('Theta Row Tangent'),
};
const data_names = words('data data_length');

/** Why `name` cannot be used in a model of this kind, with advice; undefined when it can. */
export function name_problem(kind: Model['kind'], name: string): string | undefined {
  if (!/^(?!__)[A-Za-z_][A-Za-z0-9_]*$/.test(name) || name === '_')
    return `"${name}" is not a WGSL name. Use letters, digits and _, beginning with a letter.`;
  if (wgsl_words.has(name)) return `"${name}" is a reserved word of WGSL. Choose another name, such as ${name}_value.`;
  if (generated_types[kind].has(name)) return `"${name}" is the name of a generated type. Choose another name.`;
  if (kind === 'log-density' && data_names.has(name))
    return `"${name}" stands for the rows of data. Choose another name.`;
  return undefined;
}

/** Columns that draws.csv and states.csv have besides the model's own. */
const taken_columns: Readonly<Record<string, readonly string[]>> = {
  parameter: ['chain', 'draw', 'weight'],
  observation: ['t', 'kind', 'log_likelihood', 'ess'],
};

/** Why a parameter or observation cannot have this name in the files that a run writes; undefined when it can. */
export function column_problem(kind: string, name: string): string | undefined {
  if (kind === 'parameter' && name.endsWith('__'))
    return `columns that end in __ are the sampler's. Choose another name, such as ${name.replace(/_+$/, '')}.`;
  if (!taken_columns[kind]?.includes(name)) return undefined;
  return `"${name}" is a column that every run writes. Choose another name, such as ${name}_value.`;
}

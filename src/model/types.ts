/**
 * A model is plain data with a WGSL text. `ModelSource` is what an author writes (DESIGN: "A model is plain data");
 * `Model` is the same after validation, with defaults filled in and parameters flattened to scalars.
 */

/** Prior families and their arguments, in the conventions of Stan: gamma and exponential take rates, not scales. */
export interface PriorArguments {
  normal: [mean: number, sd: number];
  lognormal: [log_mean: number, log_sd: number];
  uniform: [lower: number, upper: number];
  gamma: [shape: number, rate: number];
  beta: [a: number, b: number];
  exponential: [rate: number];
  half_normal: [sd: number];
  half_cauchy: [scale: number];
  student_t: [degrees: number, location: number, scale: number];
  flat: [];
}
export type PriorFamily = keyof PriorArguments;

/** One family with its arguments, e.g. `{ normal: [2, 1] }`. One-argument families also take a bare number. */
export type PriorSource = { [F in PriorFamily]?: readonly number[] | number | true };

/** A prior and its truncation; ±Infinity is the same as no bound. */
export interface BoundedPriorSource {
  prior: PriorSource;
  lower?: number;
  upper?: number;
}

export interface ParameterSource extends BoundedPriorSource {
  /** Makes the parameter `array<f32, size>` in Theta; every element has the same prior. */
  size?: number;
}

/** `'s'` is one f32; `{ name: 'x', size: 3 }` or `['x', 3]` makes `array<f32, 3>`. In the object form of `state`, `{ x: 3, s: 1 }`, 1 is one f32. */
export type StateFieldSource = string | { name: string; size: number } | readonly [name: string, size: number];

export interface StateSpaceSource {
  kind: 'state-space';
  name: string;
  /** One line for lists. */
  description?: string;
  parameters: Record<string, ParameterSource>;
  constants?: Record<string, number>;
  state: readonly StateFieldSource[] | Record<string, number>;
  noise: number;
  observation: readonly string[];
  /** Those of `observation` that are whole numbers ≥ 0; simulation and prediction draw whole numbers for them. */
  counts?: readonly string[];
  wgsl: string;
}
export type ModelSource = StateSpaceSource;

/** A prior, its arguments, and the truncation to (lower, upper): the intersection of the family's support and the bounds. */
export interface Prior {
  family: PriorFamily;
  arguments: readonly number[];
  lower: number;
  upper: number;
}

/** One scalar coordinate of theta: `name` as in draws.csv (`beta`, or `beta[0]` for arrays, counted from 0). */
export interface ScalarParameter {
  name: string;
  prior: Prior;
  /** What the author gave as bounds, ±Infinity for none: they outlive the prior when another one is put in its place. */
  bounds: { lower: number; upper: number };
}

export interface ParameterField {
  name: string;
  /** 0: a scalar f32; n > 0: array<f32, n>. */
  size: number;
  /** Index of its first scalar in `Model.scalars`. */
  offset: number;
}

export interface StateField {
  name: string;
  /** 0: a scalar f32; n > 0: array<f32, n>. */
  size: number;
  /** Index of its first f32 in the flattened state. */
  offset: number;
}

export interface ModelOrigin {
  path: string;
  line?: number;
}

export interface Model {
  kind: 'state-space';
  name: string;
  /** One line for lists; may be empty. */
  description: string;
  fields: readonly ParameterField[];
  /** Theta, flattened. Its length is D, the number of unknowns. */
  scalars: readonly ScalarParameter[];
  constants: Readonly<Record<string, number>>;
  state: readonly StateField[];
  /** Number of f32 in the flattened state. */
  state_size: number;
  /** Standard normals per particle and step; 0 makes the model deterministic given theta. */
  noise: number;
  observation: readonly string[];
  counts: readonly string[];
  wgsl: string;
  /** True when the WGSL defines `guided`. */
  has_guided: boolean;
  /** Where the model comes from, for messages: the file, and the 1-based line on which its WGSL begins where that could be found. */
  source?: ModelOrigin;
}

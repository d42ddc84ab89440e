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
  /** One concentration per element, or one for all. Of simplex parameters only. */
  dirichlet: number[];
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

/** Of a log-density model. `ordered` and `simplex` need a `size` of at least 2. */
export interface LogDensityParameterSource extends Omit<ParameterSource, 'prior'> {
  /** May be left out for a simplex, which is then uniform. */
  prior?: PriorSource;
  /** theta[0] < theta[1] < …; `lower: 0` makes all of them positive. The prior applies to every element, up to the constant of ordering. */
  ordered?: boolean;
  /** Positive, with sum 1. */
  simplex?: boolean;
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

/** As for `state`; an array `x` takes the columns `x[0]`, `x[1]`, …, or those named in `columns`. */
export type RowFieldSource = StateFieldSource | { name: string; columns: readonly string[] };

export interface LogDensitySource {
  kind: 'log-density';
  name: string;
  /** One line for lists. */
  description?: string;
  parameters: Record<string, LogDensityParameterSource>;
  constants?: Record<string, number>;
  /** Struct Row: what one row of the data holds. Left out: the model needs no data. */
  row?: readonly RowFieldSource[] | Record<string, number>;
  /** `fn log_likelihood(row: Row, theta: Theta) -> f32`, summed over the rows, or `fn log_density(theta: Theta) -> f32`. The priors are added to either. */
  wgsl: string;
}
export type ModelSource = StateSpaceSource | LogDensitySource;

/**
 * A prior, its arguments, and the truncation to (lower, upper): the intersection of the family's support and the bounds. One element of a Dirichlet has the arguments
 * [its concentration, the sum of the others], by which its own distribution is Beta.
 */
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

/** What the elements of one field must satisfy together, besides their bounds. */
export type Constraint = 'none' | 'ordered' | 'simplex';

export interface ParameterField {
  name: string;
  /** 0: a scalar f32; n > 0: array<f32, n>. */
  size: number;
  /** Index of its first scalar in `Model.scalars`. */
  offset: number;
  constraint: Constraint;
  /** Its coordinates among the unconstrained ones: as many as it has scalars, or one fewer for a simplex. */
  unconstrained: { offset: number; size: number };
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

export interface RowField {
  name: string;
  /** 0: a scalar f32; n > 0: array<f32, n>. */
  size: number;
  /** Index of its first f32 in the flattened row. */
  offset: number;
  /** Names in the CSV file, one per f32. */
  columns: readonly string[];
}

interface ModelBase {
  name: string;
  /** One line for lists; may be empty. */
  description: string;
  fields: readonly ParameterField[];
  /** Theta, flattened: what people see. */
  scalars: readonly ScalarParameter[];
  /** D, the number of unknowns: unconstrained coordinates. */
  dimension: number;
  constants: Readonly<Record<string, number>>;
  wgsl: string;
  /** Where the model comes from, for messages: the file, and the 1-based line on which its WGSL begins where that could be found. */
  source?: ModelOrigin;
}

/** Its parameters are constrained one by one, so that there are as many scalars as unknowns. */
export interface StateSpaceModel extends ModelBase {
  kind: 'state-space';
  state: readonly StateField[];
  /** Number of f32 in the flattened state. */
  state_size: number;
  /** Standard normals per particle and step; 0 makes the model deterministic given theta. */
  noise: number;
  observation: readonly string[];
  counts: readonly string[];
  /** True when the WGSL defines `guided`. */
  has_guided: boolean;
}

export interface LogDensityModel extends ModelBase {
  kind: 'log-density';
  /** Struct Row; empty where the model needs no data. */
  row: readonly RowField[];
  /** The function that the WGSL defines: per row, or of everything. */
  entry: 'log_likelihood' | 'log_density';
}

export type Model = StateSpaceModel | LogDensityModel;

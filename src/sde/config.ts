/** What a person may choose of a latent SDE, and its check: every mistake is named with its place. All is optional (settings.ts has the defaults). */

import * as v from 'valibot';
import { nearest_name } from '../model/nearest_name.ts';
import { UserError } from '../model/user_error.ts';
import { is_object, show } from '../model/values.ts';
import { type Activation, activations } from '../network/activation.ts';

const whole = (least: number, most: number) => {
  const words = `must be a whole number from ${least} to ${most}`;
  return v.pipe(v.number(words), v.integer(words), v.minValue(least, words), v.maxValue(most, words));
};
const real = v.pipe(v.number('must be a number'), v.finite('must be finite'));
const positive = v.pipe(real, v.gtValue(0, 'must be greater than 0'));
const name = v.pipe(v.string('must be a name'), v.regex(/^[A-Za-z][A-Za-z0-9_]*$/, 'must be a name as in WGSL'));
const optional = v.exactOptional;

const layers = {
  hidden: optional(v.pipe(v.array(whole(1, 1024), 'must be a list of widths'), v.maxLength(8, 'at most 8 layers'))),
  activation: optional(
    v.picklist(Object.keys(activations) as Activation[], `must be one of ${Object.keys(activations).join(', ')}`),
  ),
};

const mlp_drift = v.strictObject({ ...layers, time: optional(v.boolean('must be true or false')) });

const own_drift = v.strictObject({
  /** `fn drift(z: State, theta: Theta, t: f32) -> State` in the data's units. */
  wgsl: v.string('must be the text of fn drift'),
  states: v.pipe(v.array(name, 'must be a list of names'), v.minLength(1, 'must name a state')),
  /** Where training starts, or the value of a parameter that is known. */
  parameters: optional(
    v.record(name, v.union([real, v.strictObject({ known: real })], 'must be a number, or { known: number }')),
  ),
});

const interpolations = ['two_sided', 'deep_kernel'] as const;

const likelihoods = ['gaussian', 'student_t', 'bernoulli', 'poisson'] as const;

const schema = v.strictObject({
  /** Dimension of the state. */
  latent: optional(whole(1, 32)),
  /** A perceptron, or a person's own. */
  drift: optional(v.lazy((given) => (is_object(given) && 'wgsl' in given ? own_drift : mlp_drift))),
  /** `identity`: channel c is component c of the state. */
  decoder: optional(
    v.lazy((given) =>
      typeof given === 'string'
        ? v.literal('identity', 'must be "identity" or { hidden: […] }')
        : v.strictObject(layers),
    ),
  ),
  likelihood: optional(v.picklist(likelihoods, `must be one of ${likelihoods.join(', ')}`)),
  /** `sees`: observations around a node. */
  encoder: optional(v.strictObject({ ...layers, sees: optional(whole(1, 1001)) })),
  /** Observations from one node of the posterior to the next. */
  every: optional(whole(1, 100_000)),
  /** Of the posterior's moments between nodes: with a slope to either side of every node, or the smooth one of arXiv 2312.10550. */
  interpolation: optional(v.picklist(interpolations, `must be one of ${interpolations.join(', ')}`)),
  /** Whether the posterior may rotate. */
  rotation: optional(v.boolean('must be true or false')),
  diffusion: optional(
    v.strictObject({
      /** Of log D over time; 1: constant. */
      knots: optional(whole(1, 32)),
      /** [component] D in the data's units, not learned. */
      known: optional(v.array(positive, 'must be a list of numbers')),
      /** sd of log D in the prior, around that of a channel that moves by its sd in its own time. */
      prior_sd: optional(positive),
    }),
  ),
  /** sd of the observations' noise in the data's units, not learned; one for all channels, or one each. */
  noise: optional(v.union([positive, v.array(positive)], 'must be a number greater than 0, or one per channel')),
  /** Of the state at the start of a series, not learned: [component] each, in the data's units. */
  start: optional(v.strictObject({ mean: v.array(real), sd: v.array(positive) })),
  /** Where the channels are the pixels of a film, row by row: the report shows frames. */
  frame: optional(v.strictObject({ width: whole(1, 1024), height: whole(1, 1024) })),
  /** Trained side by side from different starts. */
  networks: optional(whole(1, 64)),
  estimator: optional(
    v.strictObject({
      windows: optional(whole(1, 64)),
      /** Of a window. */
      nodes: optional(v.pipe(whole(32, 1024), v.multipleOf(32, 'must be a multiple of 32'))),
      /** Antithetic pairs of samples along a window. */
      pairs: optional(whole(1, 4096)),
      /** Draws of D in a window. */
      paths: optional(whole(1, 64)),
      /** Samples at every observation. */
      repeats: optional(whole(1, 256)),
    }),
  ),
  training: optional(
    v.strictObject({
      steps: optional(whole(1, 10_000_000)),
      learning_rate: optional(positive),
      warm_up: optional(whole(0, 1_000_000)),
      /** Steps in which the weight of the divergences rises to 1. */
      ramp: optional(whole(1, 1_000_000)),
    }),
  ),
});

export type SdeConfig = v.InferOutput<typeof schema>;

/** @param given nothing is taken for granted @param origin for messages. Throws UserError. */
export function check_config(given: unknown, origin: string): SdeConfig {
  if (!is_object(given)) throw new UserError(`${origin}: settings are an object { latent: 2, … }, not ${show(given)}.`);
  const result = v.safeParse(schema, given);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = v.getDotPath(issue) ?? '';
  if (issue.type === 'strict_object' && issue.expected === 'never') {
    const own = path.split('.').at(-1) as string;
    const near = nearest_name(own, names_at(path.split('.').slice(0, -1)));
    throw new UserError(`${origin}: there is no setting ${path}.${near ? ` Did you mean ${near}?` : ''}`);
  }
  const got = issue.received === 'undefined' ? '' : `, not ${show(issue.input)}`;
  throw new UserError(`${origin}: ${path} ${issue.message}${got}.`);
}

/** Settings over others, such as an example's. */
export const config_over = (below: SdeConfig, config: SdeConfig): SdeConfig => ({
  ...below,
  ...config,
  training: { ...below.training, ...config.training },
});

/** Settings at a place, as far as they are known without the value. */
function names_at(path: readonly string[]): string[] {
  let at: unknown = schema;
  for (const key of path) {
    const entry = (at as { entries?: Record<string, { wrapped?: unknown }> }).entries?.[key];
    at = entry?.wrapped ?? entry;
  }
  const own = (at as { entries?: Record<string, unknown> }).entries;
  return own === undefined ? [...Object.keys(mlp_drift.entries), ...Object.keys(own_drift.entries)] : Object.keys(own);
}

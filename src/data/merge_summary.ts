/** The block `merge` of summary.json: what is measured of the shards, the verdict, and distances. */
import * as v from 'valibot';

const number = v.pipe(v.number('must be a number'), v.finite('must be finite'));

const shard = v.looseObject({
  name: v.string(),
  draws: number,
  /** Effective, of the parameter that is estimated worst. */
  ess: number,
  /** From the shard's mean to the merge's, in the shard's standard deviations. */
  distance: number,
  /** Root mean square distance of merged draws from the shard's mean, in its standard deviations. */
  radius: number,
  /** Effective draws of the shard that lie as far out as the merge's mean, in its direction. */
  beyond: number,
  /** Part of the precision of all shards. */
  share: number,
  /** Squared distance from where the other shards put it, and its p-value. */
  chi_squared: number,
  p_value: number,
});

const distances = v.record(v.string(), number);

/** Importance weights of merged draws against the posterior itself: without a tail they have no k_hat. */
const correction = v.looseObject({ k_hat: v.exactOptional(number), ess: number, used: v.boolean() });

export const merge_block = v.looseObject({
  method: v.string(),
  draws: number,
  /** Parameters in the coordinates of the merge. */
  dimension: number,
  verdict: v.looseObject({ headline: v.string(), extrapolates: v.boolean(), contradictory: v.boolean() }),
  shards: v.array(shard),
  /** Of kernel methods. */
  acceptance: v.exactOptional(number),
  /** Of method diffusion. */
  learned: v.exactOptional(
    v.looseObject({
      acceptance: number,
      levels: number,
      weights_ess: v.exactOptional(number),
      fit_error: v.exactOptional(number),
      disagreement: v.exactOptional(number),
      tilt_ess: v.exactOptional(number),
      networks: number,
      updates: number,
      units: number,
      curve: v.array(v.looseObject({ update: number, loss: number, by_network: v.array(number) })),
    }),
  ),
  /** Of a merge whose shards were asked. */
  rounds: v.exactOptional(
    v.looseObject({
      /** [round of the Gaussian] sds that its mean moved. */
      moved: v.array(number),
      networks: number,
      asked: number,
      held: number,
      correction,
      /** Of the Gaussian that networks began with, where theirs could not be used. */
      gaussian_correction: v.exactOptional(correction),
    }),
  ),
  /** The merged draw with the highest density over the parameters, and lp__ there. */
  best: v.exactOptional(v.looseObject({ lp: number, parameters: v.record(v.string(), number) })),
  distances: v.looseObject({
    /** What the methods are compared with. */
    from: v.picklist(['exact', 'merge']),
    /** Between two halves of that. */
    floor: distances,
    methods: v.record(v.string(), distances),
    /** By method, between networks of one's own figure; of those that several networks measured. */
    sd: v.exactOptional(v.record(v.string(), distances)),
  }),
});

export type MergeBlock = v.InferOutput<typeof merge_block>;

/** Throws Error naming the first field that is not right. */
export function validate_merge_block(block: MergeBlock): MergeBlock {
  const result = v.safeParse(merge_block, block);
  if (result.success) return result.output;
  const issue = result.issues[0];
  throw new Error(`summary.merge.${v.getDotPath(issue)}: ${issue.message}.`);
}

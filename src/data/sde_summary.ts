/** The block `sde` of summary.json: how far the training came, the bound and its parts, what was learned, and how it agrees with what was withheld. */
import * as v from 'valibot';

const number = v.pipe(v.number('must be a number'), v.finite('must be finite'));
const optional = v.exactOptional;

/** Of the bound, in nats over all data: likelihood − path − start − prior. */
const terms = { likelihood: number, path: number, start: number, prior: number };

const estimate = v.looseObject({
  name: v.string(),
  value: number,
  /** Where the model has a distribution of it. */
  q05: optional(number),
  q95: optional(number),
  /** [network] where there are several. */
  by_network: optional(v.array(number)),
  /** Of a built-in example. */
  truth: optional(number),
});

const score = v.looseObject({
  channel: v.string(),
  observations: number,
  rmse: number,
  rmse_of_mean: number,
  /** Part of the observations within the 90 % band, and mean CRPS; of normal and Student's t observations. */
  covered: optional(number),
  crps: optional(number),
});

export const sde_block = v.looseObject({
  /** Made, of those wanted. */
  steps: number,
  wanted_steps: number,
  networks: number,
  /** The network that is shown, counted from 0: the one with the largest bound. */
  shown: number,
  series: number,
  observations: number,
  /** Single values observed. */
  numbers: number,
  components: v.array(v.string()),
  channels: v.array(v.string()),
  /** Of one network. */
  parameters: number,
  /** In the training of one network, this run's and those it went on from. */
  drift_evaluations: number,
  training_seconds: number,
  bound: v.looseObject({
    ...{ value: number, se: number, ...terms },
    /** Of one estimate over all data. */
    sd: number,
    by_network: v.array(number),
  }),
  estimates: v.array(estimate),
  /** Importance weights of q's paths, on the beginning of the first series; without a tail they have no k_hat. */
  gap: optional(
    v.looseObject({
      observations: number,
      log_evidence: number,
      se: number,
      bound: number,
      k_hat: optional(number),
      ess: number,
    }),
  ),
  forecast: optional(v.array(score)),
  /** Of series that were not learned from, after their first observations. */
  test: optional(v.looseObject({ series: number, given: number, mse: number, scores: v.array(score) })),
  /** Of a built-in example, whose state and drift are known. */
  truth: optional(
    v.looseObject({
      /** Root mean square of the drift's error over that of the drift, on true states. */
      drift_error: optional(number),
      /** Part of the true states within the 90 % bands of q. */
      covered: optional(number),
      /** Root mean square error of q's mean over the component's sd. */
      state_error: optional(number),
      /** Mean time until the drift's solution is 0.4 sd from the true one, from states after the data. */
      prediction_time: optional(number),
    }),
  ),
  /** Of the network that is shown; means since the point before, per value observed. */
  curve: v.array(v.looseObject({ step: number, ...terms })),
});

export type SdeBlock = v.InferOutput<typeof sde_block>;

/** Throws Error naming the first field that is not right. */
export function validate_sde_block(block: SdeBlock): SdeBlock {
  const result = v.safeParse(sde_block, block);
  if (result.success) return result.output;
  const issue = result.issues[0];
  throw new Error(`summary.sde.${v.getDotPath(issue)}: ${issue.message}.`);
}

/** The public API: what a program needs to run the sampler, in Node and in the browser alike. What needs Node is in `langevin/node`. */

export { type Differentiated, differentiate, type Entry } from './autodiff/differentiate.ts';
export { SourceError } from './autodiff/source_error.ts';
export { parse_table, type Table, type TableOptions } from './data/csv.ts';
export { type Draws, draws_text, write_draws } from './data/draws.ts';
export { combine_draws, type DrawsFile } from './data/draws_file.ts';
export { write_draws_report } from './data/draws_report.ts';
export {
  type Cost,
  type DrawsStatistics,
  type DrawsSummary,
  type Phases,
  type Spent,
  spent,
  summarize_draws,
  write_draws_summary,
} from './data/draws_summary.ts';
export { format_draws_table } from './data/draws_table.ts';
export { draws_warnings } from './data/draws_warnings.ts';
export { type PosteriorFile, write_posterior } from './data/netcdf.ts';
export { read_draws } from './data/read_draws.ts';
export { read_posterior } from './data/read_netcdf.ts';
export {
  type Band,
  type FilterStep,
  type Marginal,
  type ObservationSeries,
  type Point,
  type Posterior,
  type ReportInput,
  type StateSeries,
  write_report,
} from './data/report.ts';
export { filter_steps, observation_series, state_series } from './data/state_series.ts';
export { parse_summary, type Summary, summary_schema, validate_summary, write_summary } from './data/summary.ts';
export { format_table } from './data/table.ts';
export { type ChainStatistics, chain_statistics } from './diagnostics/chain_statistics.ts';
export type { Chains } from './diagnostics/chains.ts';
export { energy_fraction } from './diagnostics/efmi.ts';
export {
  ess,
  ess_bulk,
  ess_mean,
  ess_median,
  ess_quantile,
  ess_sd,
  ess_square,
  ess_tail,
} from './diagnostics/ess.ts';
export { type LogMeanExp, log_mean_exp } from './diagnostics/log_mean_exp.ts';
export { mcse_mean, mcse_median, mcse_quantile, mcse_sd } from './diagnostics/mcse.ts';
export {
  type ChainMoments,
  nested_rhat,
  nested_rhat_of_moments,
  superchains_of,
} from './diagnostics/nested_rhat.ts';
export { rhat, rhat_basic, rhat_bulk, rhat_folded } from './diagnostics/rhat.ts';
export { effective_sample_size, weighted_mean, weighted_quantiles, weighted_sd } from './diagnostics/weighted.ts';
export { type BankOptions, create_filter_bank, type FilterBank, type Proposal, type Shape } from './filter/bank.ts';
export { check_model_wgsl } from './filter/check_model.ts';
export type { Columns } from './filter/observations.ts';
export { type Predictions, type PredictOptions, predict } from './filter/predict.ts';
export { create_shared_noise } from './filter/shared_noise.ts';
export { type FilterTrace, type TraceOptions, trace_filters } from './filter/trace.ts';
export { type AdapterDescription, type Device, type OpenOptions, open_device } from './gpu/device.ts';
export { GpuError } from './gpu/gpu_error.ts';
export type { ShaderTable } from './gpu/shader_table.ts';
export { type BuiltInData, built_in_data } from './model/catalog/data/index.ts';
export { catalog } from './model/catalog/index.ts';
export { type PackedRows, pack_rows } from './model/pack_rows.ts';
export { format_prior, parse_prior } from './model/prior_text.ts';
export { built_in_model } from './model/resolve.ts';
export { constrain_all, log_prior, unconstrain_all } from './model/space.ts';
export type {
  BoundedPriorSource,
  LogDensityModel,
  LogDensitySource,
  Model,
  ModelSource,
  ParameterSource,
  Prior,
  PriorSource,
  StateSpaceModel,
  StateSpaceSource,
} from './model/types.ts';
export { UserError } from './model/user_error.ts';
export { validate_model } from './model/validate.ts';
export { with_prior } from './model/with_prior.ts';
export type { SampleCheckpoint } from './sample/checkpoint.ts';
export { type Evaluated, type EvaluateOptions, evaluate_densities } from './sample/evaluate.ts';
export type { MetricKind } from './sample/metric.ts';
export {
  default_acceptance,
  default_warm_up,
  type MomentsOfChains,
  most_chains,
  type Progress as SampleProgress,
  type SampleOptions,
  type SampleResult,
  type SamplerKind,
  samplers,
} from './sample/options.ts';
export { run_sample } from './sample/sample.ts';
export type { Data as SampleData } from './sample/target.ts';
export { check_config, type SdeConfig } from './sde/config.ts';
export { type FitOptions, fit_sde, type SdeFit } from './sde/fit.ts';
export { type Band as SdeBand, type Bands, posterior_bands } from './sde/learned/bands.ts';
export { drift_at } from './sde/learned/drift_at.ts';
export { type Estimates, estimates_of } from './sde/learned/estimates.ts';
export { type Forecast, type ForecastOptions, forecast } from './sde/learned/forecast.ts';
export { evidence_gap, type Gap } from './sde/learned/importance.ts';
export { type LearnedSde, learned_networks } from './sde/learned/learned.ts';
export { step_length } from './sde/learned/step_length.ts';
export type { Series } from './sde/series.ts';
export type { Smc2Checkpoint } from './smc2/checkpoint.ts';
export type {
  Correction,
  Iteration,
  LKernel,
  Smc2Options,
  Smc2Result,
  ThetaProposal,
} from './smc2/options.ts';
export {
  type PosteriorStatesOptions,
  posterior_draws,
  posterior_states,
} from './smc2/posterior_states.ts';
export { run_smc2 } from './smc2/smc2.ts';

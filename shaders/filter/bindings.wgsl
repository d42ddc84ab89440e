// What every kernel of the filter bank reads and writes. D parameters, S state components, N particles, F filters, T observed rows; steps t = 1…T, t = 0 the
// initial state. Filters run in waves, `offset` to `offset + filters`, because the particles of all of them may not fit a buffer; only particles and
// weights are counted from the wave's first filter.
//
//   params        sizes, the wave and the chunk of steps to do                                      host: BankParams in src/filter/params.ts
//   theta_values  [D][filter]          parameters, constrained
//   observations  [T][1 + columns]     first 1 if the row is observed, else 0; missing rows hold zeros
//   keys          [filter]             the key of the filter's random numbers
//   particles     see `particle_at`    two halves, of step t in half t mod 2: S state components, then, with gradients, S·D tangents of the state and
//                                      D of the accumulated log-weight (the score of the particle's path)
//   weights       see `weight_at`      bits of the f32 log-weight; then the fixed-point weight or its prefix sum
//   lineage       see lineage.wgsl
//   results       [row][filter]        rows below, counts or the bits of an f32 (as u32, because a count read as f32 could be a denormal and be flushed to 0); survives between chunks

struct Params {
  offset: u32,
  filters: u32,
  stride: u32,
  first: u32,
  steps: u32,
  last: u32,
  resample_below: f32,
  blend: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> theta_values: array<f32>;
@group(0) @binding(2) var<storage, read> observations: array<f32>;
@group(0) @binding(3) var<storage, read> keys: array<vec2<u32>>;
@group(0) @binding(4) var<storage, read_write> particles: array<f32>;
@group(0) @binding(5) var<storage, read_write> weights: array<u32>;
@group(0) @binding(6) var<storage, read_write> results: array<u32>;
@if(shared) @group(0) @binding(7) var<storage, read> shared_noise: array<f32>;
@if(trace) @group(0) @binding(8) var<storage, read_write> trace: array<f32>;
@if(lineage) @group(0) @binding(9) var<storage, read_write> lineage: array<u32>;

override particle_count: u32;
override draw_count: u32 = 1u; // state draws per filter and step in the trace

const row_log_likelihood = 0u; // sum of finished blocks of 32 increments
const row_block = 1u;          // the block being summed: two levels keep f32 rounding below 1e-5 per 1000 steps
const row_largest = 2u;        // the largest log-weight of the last step; the next one subtracts it
const row_base = 3u;           // log of the sum of the weights that the next step starts from
const row_total = 4u;          // count: sum of fixed-point weights if the filter resamples before the next step, else 0
const row_died = 5u;           // count: the step at which every weight vanished, else 0
const row_faults = 6u;         // count: log-weights or gradients that were NaN or infinite
const row_resampled = 7u;      // count: how many times the filter resampled
const row_score = 8u;          // D rows: gradient of the log-likelihood

/// Log-weight that stands for "impossible"; f32 arithmetic around it stays finite.
const impossible = -1e30;

fn result_at(row: u32, filter_index: u32) -> u32 {
  return row * params.stride + filter_index;
}

fn result(row: u32, filter_index: u32) -> f32 {
  return bitcast<f32>(results[result_at(row, filter_index)]);
}

fn store_result(row: u32, filter_index: u32, value: f32) {
  results[result_at(row, filter_index)] = bitcast<u32>(value);
}

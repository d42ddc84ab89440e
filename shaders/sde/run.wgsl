// A training run of latent SDEs: what all its kernels know (src/sde/run_params.ts).
//
//   progress   [net]      steps made
//   windows    [window]   stretches of intervals of one series, each interval in one of them

struct Run {
  key: vec2<u32>,
  window_count: u32,
  sweep: u32,             // 1: windows one after the other from first_window on, for what is not training
  first_window: u32,
  ramp: u32,              // steps in which the weight of the divergences rises
  scale: f32,             // of what a step sums, as an estimate of all windows' sum over the numbers observed
  prior_scale: f32,       // one over the numbers observed
  diffusion_mean: f32,    // prior of log D
  diffusion_sd: f32,
}

struct Window {
  first_node: u32,
  intervals: u32,
  first_observation: u32,
  observations: u32,
  starts: u32,            // 1: a series begins here
}

@group(0) @binding(0) var<uniform> run: Run;
@group(0) @binding(5) var<storage, read_write> progress: array<u32>;
@group(0) @binding(6) var<storage, read> windows: array<Window>;

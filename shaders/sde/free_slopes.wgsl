// The gradient by the free parameters of the drift's part, from what path.wgsl left of every sample, and the divergence of log D from its prior.

import package::network_sizes::quads;
import package::network_places::{row_own, free_first, part_first};
import package::network::memory::{lanes, at, gradients, parameters_first};
import package::sde_sizes::{latent, knots, learns_diffusion, row_by_theta, theta_count, learns_theta};
import package::sde::run::run;
import package::sde::diffusion::{diffusion_draws, hat, free_parameter, diffusion_means, diffusion_sds, diffusion_count};
import package::sde::samples::{sample_at, row_clock};

const row_by_log_d = row_own + latent;    // derivative by log D of every sample

/// The gradient by the free parameters: those of the diffusion, then those of a person's own drift. @param prior what the divergence of log D from its prior counts here
fn gather_free(lane: u32, net: u32, place: u32, first: u32, prior: f32) {
  for (var four = lane; four < (diffusion_count + theta_count + 3u) / 4u; four += lanes) {
    var slopes = vec4<f32>();
    for (var k = 0u; k < 4u; k++) {
      let n = 4u * four + k;
      slopes[k] = select(by_theta(n), by_diffusion(n, net, place, first, prior), n < diffusion_count);
    }
    gradients[parameters_first + free_first / 4u - part_first + four] = slopes;
  }
}

fn by_diffusion(n: u32, net: u32, place: u32, first: u32, prior: f32) -> f32 {
  let is_sd = n >= diffusion_sds;
  let index = n % diffusion_sds;
  let sd = exp(free_parameter(diffusion_sds + index));
  var sum = 0.0;
  for (var quad = 0u; quad < quads; quad++) {
    let by = at(row_by_log_d + index % latent, quad) * hat(index / latent, sample_at(place, row_clock, first + quad));
    sum += dot(by, select(vec4<f32>(1.0), sd * diffusion_draws(net, first + quad, index), is_sd));
  }
  let of_mean = (free_parameter(diffusion_means + index) - run.diffusion_mean) / (run.diffusion_sd * run.diffusion_sd);
  let of_sd = sd * sd / (run.diffusion_sd * run.diffusion_sd) - 1.0;
  return select(0.0, sum + prior * select(of_mean, of_sd, is_sd), learns_diffusion);
}

fn by_theta(n: u32) -> f32 {
  let i = n - diffusion_count;
  let learns = n >= diffusion_count && i < theta_count && ((learns_theta >> min(i, 31u)) & 1u) == 1u;
  var sum = 0.0;
  for (var quad = select(quads, 0u, learns); quad < quads; quad++) {
    sum += dot(at(row_by_theta + i, quad), vec4<f32>(1.0));
  }
  return sum;
}

/// Of log D from its prior: normals, all independent.
fn diffusion_divergence() -> f32 {
  var sum = 0.0;
  for (var index = 0u; index < select(0u, knots * latent, learns_diffusion); index++) {
    let distance = (free_parameter(diffusion_means + index) - run.diffusion_mean) / run.diffusion_sd;
    let log_sd = free_parameter(diffusion_sds + index);
    let ratio = exp(log_sd) / run.diffusion_sd;
    sum += 0.5 * (distance * distance + ratio * ratio - 1.0) - log(ratio);
  }
  return sum;
}

// Where the particles of the lane-per-filter shape lie: neighbouring filters of a wave side by side, [half][component][particle][filter].

import package::filter::bindings::{params, particle_count};
import package::model_access::components;

/// The first component of a particle; the next is `component_stride()` further.
fn particle_at(step: u32, particle: u32, filter_index: u32) -> u32 {
  return ((step & 1u) * components * particle_count + particle) * params.wave + filter_index - params.offset;
}

fn component_stride() -> u32 {
  return particle_count * params.wave;
}

fn weight_at(particle: u32, filter_index: u32) -> u32 {
  return particle * params.wave + filter_index - params.offset;
}

fn fixed_at(particle: u32, filter_index: u32) -> u32 {
  return (particle_count + particle) * params.wave + filter_index - params.offset;
}

// Where the particles of the workgroup-per-filter shape lie: those of one filter together, [filter][half][component][particle].

import package::filter::bindings::{params, particle_count};
import package::model_access::components;

/// The first component of a particle; the next is `component_stride()` further.
fn particle_at(step: u32, particle: u32, filter_index: u32) -> u32 {
  return ((filter_index - params.offset) * 2u + (step & 1u)) * components * particle_count + particle;
}

fn component_stride() -> u32 {
  return particle_count;
}

fn weight_at(particle: u32, filter_index: u32) -> u32 {
  return (filter_index - params.offset) * 2u * particle_count + particle;
}

fn fixed_at(particle: u32, filter_index: u32) -> u32 {
  return ((filter_index - params.offset) * 2u + 1u) * particle_count + particle;
}

// Where the particles of the lane-per-filter shape lie: [workgroup][half][component][particle][lane], so that what neighbouring lanes touch together lies together
// and one workgroup's memory is compact (bench/NOTES.md says what that brought).

import package::filter::bindings::particle_count;
import package::model_access::components;

override lanes: u32 = 8u; // per workgroup

/// Where one filter's memory begins: of its particles, and of its weights.
struct Place {
  particles: u32,
  weights: u32,
}

/// `index` counts the filters of the wave.
fn place_of(index: u32) -> Place {
  let group = index / lanes;
  let lane = index % lanes;
  return Place(group * 2u * components * particle_count * lanes + lane, group * 2u * particle_count * lanes + lane);
}

/// The first component of a particle; the next is `component_stride()` further.
fn particle_at(step: u32, particle: u32, place: Place) -> u32 {
  return place.particles + ((step & 1u) * components * particle_count + particle) * lanes;
}

fn component_stride() -> u32 {
  return particle_count * lanes;
}

fn weight_at(particle: u32, place: Place) -> u32 {
  return place.weights + particle * lanes;
}

fn fixed_at(particle: u32, place: Place) -> u32 {
  return place.weights + (particle_count + particle) * lanes;
}

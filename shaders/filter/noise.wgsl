// The standard normals of one particle and step, either from the filter's own key or from one buffer that all filters read.
//
// A particle takes `noise_size` words. Two words come from one call of the generator, so when that size is odd, particles 2k and 2k+1 share a call:
// the even one uses its first word, the odd one its second (`spare`). Walking particles in order saves the second evaluation; asking out of order repeats it. The numbers are the same.

import package::model::Noise;
import package::model_access::{noise_size, noise_from_words, spare_call};
import package::filter::bindings::particle_count;
@if(shared) import package::filter::bindings::shared_noise;
@if(shared) import package::model_access::noise_from_buffer;
import package::lib::threefry::threefry;

/// For walking particles in order: keeps the word that the next, odd particle will use.
struct NoiseStream {
  key: vec2<u32>,
  spare: u32,
}

@if(!shared)
fn next_noise(stream: ptr<function, NoiseStream>, counter: u32, particle: u32) -> Noise {
  var word = (*stream).spare;
  if (noise_size % 2u == 1u && particle % 2u == 0u) {
    let words = threefry((*stream).key, vec2<u32>(counter, spare_call(particle)));
    word = words.x;
    (*stream).spare = words.y;
  }
  return noise_from_words((*stream).key, counter, particle, word);
}

@if(!shared)
fn noise_of(key: vec2<u32>, counter: u32, particle: u32) -> Noise {
  var word = 0u;
  if (noise_size % 2u == 1u) {
    let words = threefry(key, vec2<u32>(counter, spare_call(particle)));
    word = select(words.x, words.y, particle % 2u == 1u);
  }
  return noise_from_words(key, counter, particle, word);
}

/// Row 0 of the buffer is the initial state's noise, row t that of step t: [step][particle][noise_size].
@if(shared)
fn next_noise(stream: ptr<function, NoiseStream>, counter: u32, particle: u32) -> Noise {
  return noise_of((*stream).key, counter, particle);
}

@if(shared)
fn noise_of(key: vec2<u32>, counter: u32, particle: u32) -> Noise {
  return noise_from_buffer(((counter & 0x0fffffffu) * particle_count + particle) * noise_size);
}

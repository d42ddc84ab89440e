// The standard normals of one particle and step, either from the filter's own key or from one buffer that all filters read.
//
// A particle takes `noise_size` words. Two words come from one call of the generator, so when that size is odd, particles 2k and 2k+1 share a call, the pair's:
// the even one uses its first word, the odd one its second. Who walks particles in order makes that call once per pair (`pair_words`,
// `noise_in_pair`); who asks for one particle makes it for each. The numbers are the same.

import package::model::Noise;
import package::model_access::{noise_size, noise_from_words, pair_call};
import package::filter::bindings::particle_count;
@if(shared) import package::filter::bindings::shared_noise;
@if(shared) import package::model_access::noise_from_buffer;
import package::lib::threefry::threefry;

/// The call that particles 2k and 2k + 1 share; `particle` is either. Zeros where they share none.
fn pair_words(key: vec2<u32>, counter: u32, particle: u32) -> vec2<u32> {
  @if(!shared) {
    if (noise_size % 2u == 1u) {
      return threefry(key, vec2<u32>(counter, pair_call(particle)));
    }
  }
  return vec2<u32>();
}

@if(!shared)
fn noise_in_pair(key: vec2<u32>, counter: u32, particle: u32, words: vec2<u32>) -> Noise {
  return noise_from_words(key, counter, particle, select(words.x, words.y, (particle & 1u) == 1u));
}

/// Row 0 of the buffer is the initial state's noise, row t that of step t: [step][particle][noise_size].
@if(shared)
fn noise_in_pair(key: vec2<u32>, counter: u32, particle: u32, words: vec2<u32>) -> Noise {
  return noise_from_buffer(((counter & 0x0fffffffu) * particle_count + particle) * noise_size);
}

fn noise_of(key: vec2<u32>, counter: u32, particle: u32) -> Noise {
  return noise_in_pair(key, counter, particle, pair_words(key, counter, particle));
}

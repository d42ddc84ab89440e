// Threefry-2x32-20: a random word is a function of a key and a counter, never of what was drawn before.
//
// Twenty rounds of add, rotate and xor with the key injected every four (Salmon et al. 2011, Random123); bit-identical to JAX's
// generator and to src/random/threefry.ts. No multiplication, so every implementation computes the same bits.

const key_parity = 0x1BD11BDAu;

// Rotation to the left, its left shift written as a product: SwiftShader's vectors have no shift and take it lane by lane, at 20 times the cost of
// a product (bench/NOTES.md); compilers for GPUs turn a product with a power of two back into a shift.
fn mix(x: vec2<u32>, distance: u32) -> vec2<u32> {
  let sum = x.x + x.y;
  return vec2<u32>(sum, ((x.y * (1u << distance)) | (x.y >> (32u - distance))) ^ sum);
}

fn four_even(x: vec2<u32>) -> vec2<u32> {
  return mix(mix(mix(mix(x, 13u), 15u), 26u), 6u);
}

fn four_odd(x: vec2<u32>) -> vec2<u32> {
  return mix(mix(mix(mix(x, 17u), 29u), 16u), 24u);
}

/// Two random words for a key and a counter.
fn threefry(key: vec2<u32>, counter: vec2<u32>) -> vec2<u32> {
  let k2 = key_parity ^ key.x ^ key.y;
  var x = four_even(counter + key);
  x = four_odd(x + vec2<u32>(key.y, k2 + 1u));
  x = four_even(x + vec2<u32>(k2, key.x + 2u));
  x = four_odd(x + vec2<u32>(key.x, key.y + 3u));
  x = four_even(x + vec2<u32>(key.y, k2 + 4u));
  return x + vec2<u32>(k2, key.x + 5u);
}

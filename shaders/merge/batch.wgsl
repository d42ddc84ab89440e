// A batch of one net: rows of its shard at random, each with noise of a time of its own, and the targets of the score.
//
// Where gradients g of the log density are known, y = a·g(x_0) − s·z: the denoising target −z/s and the score-matching target g/a combined with the weights s² and a²
// (arXiv 2406.11664 after De Bortoli et al., arXiv 2402.08667). For a standard normal y = −x_t: nothing to learn and no variance. Else −z/s, weighted by s².
// Times are stratified over the batch: fourth powers of uniform ones where gradients are known. The target y then varies the less the smaller t is, and what is learned at t → 0 is what the merge samples;
// on the toy logistic regression of the paper, 3000 updates, that takes d_MAH from 0.21 to 0.06 (squares: 0.09 to 0.12). Without gradients small times have the noisiest targets, and times are uniform as published.

import package::network_sizes::{dimension, quads};
import package::network::memory::{lanes, row_time, row_one, at, put};
import package::network::rows::{row_scale, row_x, row_target};
import package::merge::train_bindings::{params, draws, Shard};
import package::merge::schedule::noise_at;
import package::lib::threefry::threefry;
import package::lib::uniform::uniform_open;
import package::lib::normal::normal_from_bits;
import package::lib::site::{at_step, site_batch};

const batch = 4u * quads;
const columns = 2u * dimension + 1u;
const first_time = 1e-5;

/// Rows of `draws`.
var<workgroup> sh_rows: array<u32, batch>;

fn batch_words(net: u32, update: u32, index: u32) -> vec2<u32> {
  return threefry(params.key, vec2<u32>(at_step(site_batch, update), net * batch * (1u + dimension) + index));
}

fn draw_batch(lane: u32, net: u32, shard: Shard, update: u32) {
  for (var quad = lane; quad < quads; quad += lanes) {
    var scales = vec4<f32>();
    var sizes = vec4<f32>();
    for (var k = 0u; k < 4u; k++) {
      let b = 4u * quad + k;
      let words = batch_words(net, update, b);
      sh_rows[b] = shard.first + words.x % shard.rows;
      let u = (f32(b) + uniform_open(words.y)) / f32(batch);
      let t = select(u, u * u * u * u, shard.has_gradients == 1u);
      let noise = noise_at(first_time + (1.0 - 2.0 * first_time) * t);
      scales[k] = noise.a;
      sizes[k] = noise.s;
    }
    put(row_scale, quad, scales);
    put(row_time, quad, sizes);
    put(row_one, quad, vec4<f32>(1.0));
  }
  workgroupBarrier();
  storageBarrier();
  for (var i = lane; i < dimension * quads; i += lanes) {
    let d = i / quads;
    let quad = i % quads;
    let first = batch_words(net, update, batch + 2u * i);
    let second = batch_words(net, update, batch + 2u * i + 1u);
    let z = vec4<f32>(normal_from_bits(first.x), normal_from_bits(first.y), normal_from_bits(second.x), normal_from_bits(second.y));
    let a = at(row_scale, quad);
    let s = at(row_time, quad);
    put(row_x + d, quad, a * cells(quad, d) + s * z);
    if (shard.has_gradients == 1u) {
      put(row_target + d, quad, a * cells(quad, dimension + d) - s * z);
    } else {
      put(row_target + d, quad, -z / s);
    }
  }
  storageBarrier();
}

/// The same draws without noise: time 0.
fn clean_batch(lane: u32) {
  for (var i = lane; i < dimension * quads; i += lanes) {
    put(row_x + i / quads, i % quads, cells(i % quads, i / quads));
  }
  for (var quad = lane; quad < quads; quad += lanes) {
    put(row_time, quad, vec4<f32>());
  }
  storageBarrier();
}

/// One column of `draws` at four of the batch.
fn cells(quad: u32, column: u32) -> vec4<f32> {
  return vec4<f32>(cell(4u * quad, column), cell(4u * quad + 1u, column), cell(4u * quad + 2u, column), cell(4u * quad + 3u, column));
}

fn cell(b: u32, column: u32) -> f32 {
  return draws[sh_rows[b] * columns + column];
}

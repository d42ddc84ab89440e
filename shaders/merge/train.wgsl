// Trains the energy networks of all shards and seeds at once: one workgroup per net, many updates per dispatch, nothing between them for the host to do.
//
// Loss: mean over batch and coordinates of |score − target|² (batch.wgsl), and, where log densities are known, energy_weight × the variance over the batch of
// E(x_0, 0) − log density: energies then differ between modes by what the densities do, which the score alone says only where modes meet. Its weight rises sixteenfold over the last 0.3 of the training,
// when steps are small and shapes are learned: the toy's d_MAH falls from 0.049 to 0.036 by that, where the same weight from the start holds the score back.

import package::network_sizes::{dimension, quads};
import package::network::memory::{lanes, row_time, choose_net, at, put, row_sum};
import package::network::energy::{forward_first, forward_end, score_end, tangent_end, back_end, run_passes};
import package::network::slopes::gather_slopes;
import package::network::adam::adam_step;
import package::network::rows::{row_error, row_r, row_v, row_target, row_back_r};
import package::merge::train_bindings::{params, shards, losses};
import package::merge::batch::{batch, columns, draw_batch, clean_batch, cells};
import package::lib::reduce::reduce_sum;

const pi = 3.14159265;

@compute @workgroup_size(lanes)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let net = group.x;
  let shard = shards[net % params.shards];
  choose_net(net, net);
  // This invocation's part.
  var loss = vec2<f32>();
  for (var n = 0u; n < params.updates; n++) {
    let update = params.first_update + n;
    draw_batch(lane, net, shard, update);
    // The score's loss, then the energy's: twice the same passes. Loops instead of branches: network/energy.wgsl says why.
    let with_energy = params.energy_weight > 0.0 && update % params.energy_every == 0u;
    for (var k = 0u; k < select(1u, 2u, with_energy); k++) {
      let dual = k == 0u;
      for (var once = 0u; once < k; once++) {
        clean_batch(lane);
      }
      run_passes(forward_first, select(forward_end, score_end, dual), lane, dual);
      for (var once = k; once < 1u; once++) {
        loss.x += score_loss(lane, shard.has_gradients == 1u);
      }
      for (var once = 0u; once < k; once++) {
        loss.y += energy_loss(lane, energy_rise(update));
      }
      run_passes(select(tangent_end, score_end, dual), back_end, lane, dual);
      gather_slopes(lane, dual);
    }
    let rate = params.learning_rate * 0.5 * (1.0 + cos(pi * f32(update) / f32(params.total_updates)));
    adam_step(lane, update + 1u, rate, params.most_slope);
  }
  let score_total = reduce_sum(lane, loss.x);
  let energy_total = reduce_sum(lane, loss.y);
  if (lane == 0u) {
    losses[net] = vec2<f32>(score_total, energy_total) / f32(params.updates);
  }
}

/// This invocation's part of the loss; the score in row_v gives way to the loss's derivative by it.
fn score_loss(lane: u32, known: bool) -> f32 {
  const share = 1.0 / f32(batch * dimension);
  var loss = 0.0;
  for (var i = lane; i < dimension * quads; i += lanes) {
    let quad = i % quads;
    let s = at(row_time, quad);
    let error = at(row_v + i / quads, quad) - at(row_target + i / quads, quad);
    let v = select(s * s, vec4<f32>(1.0), known) * error;
    loss += share * dot(v, error);
    put(row_v + i / quads, quad, 2.0 * share * v);
  }
  storageBarrier();
  return loss;
}

fn energy_rise(update: u32) -> f32 {
  return 1.0 + 15.0 * max(0.0, f32(update) / f32(params.total_updates) - 0.7) / 0.3;
}

/// The same for the energy at time 0; its derivative by r in row_back_r. The loss is told without the rise of its weight.
fn energy_loss(lane: u32, rise: f32) -> f32 {
  for (var quad = lane; quad < quads; quad += lanes) {
    var energy = vec4<f32>();
    for (var d = 0u; d < dimension; d++) {
      let r = at(row_r + d, quad);
      energy -= 0.5 * r * r;
    }
    put(row_error, quad, energy - cells(quad, columns - 1u));
  }
  storageBarrier();
  let mean = row_sum(row_error) / f32(batch);
  let share = f32(params.energy_every) * params.energy_weight / f32(batch);
  var loss = 0.0;
  for (var i = lane; i < dimension * quads; i += lanes) {
    let quad = i % quads;
    let error = at(row_error, quad) - mean;
    put(row_back_r + i / quads, quad, -2.0 * rise * share * error * at(row_r + i / quads, quad));
    if (i < quads) {
      loss += share * dot(error, error);
    }
  }
  storageBarrier();
  return loss;
}

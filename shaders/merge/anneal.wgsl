// Annealed HMC on the summed energies of all shards, from the Gaussian product at t = 1 towards t = 0: one workgroup per group of particles, many levels per dispatch.
//
// p_t(u) ∝ exp Σ_b E_b(A_b u + c_b, t). At every level the log weight grows by what log p gains at the same u from the level before, then HMC transitions leave p_t as it is
// (annealed importance sampling, Neal 2001; for products of diffusions Du et al. 2023, arXiv 2302.11552). Unit mass: u is white for the Gaussian product.

import package::network_sizes::{dimension, quads};
import package::network::memory::{lanes, row_time, row_one, choose_net, at, put};
import package::network::energy::{forward_first, score_end, run_passes};
import package::network::rows::{row_x, row_r, row_v};
import package::merge::anneal_bindings::{params, maps, levels, particles, outcomes};
import package::merge::anneal_bindings::{slot_u, slot_force, slot_momentum, slot_start_u, slot_start_force, outcome_log_weight, outcome_energy, outcome_accepted};
import package::merge::anneal_bindings::{outcome_start_energy, outcome_start, outcome_moved};
import package::merge::schedule::noise_at;
import package::lib::threefry::threefry;
import package::lib::uniform::uniform_open;
import package::lib::normal::normal_from_bits;
import package::lib::site::{at_step, site_momentum, site_accept};

const columns = dimension + 1u;

fn slot_at(slot: u32, d: u32, quad: u32) -> u32 {
  return (slot * dimension + d) * params.particle_quads + quad;
}

fn outcome_at(number: u32, quad: u32) -> u32 {
  return number * params.particle_quads + quad;
}

@compute @workgroup_size(lanes)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let g = group.x;
  for (var n = params.first_level; n < params.first_level + params.level_count; n++) {
    let level = levels[n];
    // At the time of the level before, energies and forces are known.
    let is_new = n == 0u || levels[max(n, 1u) - 1u].time != level.time;
    for (var once = select(1u, 0u, is_new); once < 1u; once++) {
      for (var quad = lane; quad < quads; quad += lanes) {
        let i = g * quads + quad;
        outcomes[outcome_at(outcome_log_weight, i)] -= outcomes[outcome_at(outcome_energy, i)];
      }
      evaluate(lane, g, level.time);
      for (var quad = lane; quad < quads; quad += lanes) {
        let i = g * quads + quad;
        outcomes[outcome_at(outcome_log_weight, i)] += outcomes[outcome_at(outcome_energy, i)];
      }
    }
    for (var k = 0u; k < params.transitions; k++) {
      transition(lane, g, n * params.transitions + k, level.time, level.step);
    }
  }
}

/// Summed energies and their gradient at slot_u.
fn evaluate(lane: u32, g: u32, time: f32) {
  let noise = noise_at(time);
  for (var i = lane; i < dimension * quads; i += lanes) {
    particles[slot_at(slot_force, i / quads, g * quads + i % quads)] = vec4<f32>();
  }
  for (var quad = lane; quad < quads; quad += lanes) {
    outcomes[outcome_at(outcome_energy, g * quads + quad)] = vec4<f32>();
  }
  for (var shard = 0u; shard < params.shards; shard++) {
    choose_net(g % params.seeds * params.shards + shard, g);
    for (var quad = lane; quad < quads; quad += lanes) {
      put(row_time, quad, vec4<f32>(noise.s));
      put(row_one, quad, vec4<f32>(1.0));
    }
    let map = shard * dimension * columns;
    for (var i = lane; i < dimension * quads; i += lanes) {
      let row = map + i / quads * columns;
      var x = vec4<f32>(maps[row + dimension]);
      for (var d = 0u; d < dimension; d++) {
        x += maps[row + d] * particles[slot_at(slot_u, d, g * quads + i % quads)];
      }
      put(row_x + i / quads, i % quads, x);
    }
    storageBarrier();
    run_passes(forward_first, score_end, lane, false);
    for (var i = lane; i < dimension * quads; i += lanes) {
      let to = slot_at(slot_force, i / quads, g * quads + i % quads);
      var force = particles[to];
      for (var d = 0u; d < dimension; d++) {
        force += maps[map + d * columns + i / quads] * at(row_v + d, i % quads);
      }
      particles[to] = force;
    }
    for (var quad = lane; quad < quads; quad += lanes) {
      let to = outcome_at(outcome_energy, g * quads + quad);
      var energy = outcomes[to];
      for (var d = 0u; d < dimension; d++) {
        let r = at(row_r + d, quad);
        energy -= 0.5 * r * r;
      }
      outcomes[to] = energy;
    }
    storageBarrier();
  }
}

fn words_for(site: u32, transition: u32, index: u32) -> vec2<u32> {
  return threefry(params.key, vec2<u32>(at_step(site, transition), index));
}

/// Four standard normals. @param index of the quad among all numbers of one transition
fn four_normals(transition: u32, index: u32) -> vec4<f32> {
  let a = words_for(site_momentum, transition, 2u * index);
  let b = words_for(site_momentum, transition, 2u * index + 1u);
  return vec4<f32>(normal_from_bits(a.x), normal_from_bits(a.y), normal_from_bits(b.x), normal_from_bits(b.y));
}

/// One HMC transition at slot_u, whose energy and force are known.
fn transition(lane: u32, g: u32, n: u32, time: f32, step: f32) {
  for (var i = lane; i < dimension * quads; i += lanes) {
    let d = i / quads;
    let quad = g * quads + i % quads;
    particles[slot_at(slot_start_u, d, quad)] = particles[slot_at(slot_u, d, quad)];
    particles[slot_at(slot_start_force, d, quad)] = particles[slot_at(slot_force, d, quad)];
    particles[slot_at(slot_momentum, d, quad)] = four_normals(n, d * params.particle_quads + quad);
  }
  storageBarrier();
  for (var quad = g * quads + lane; quad < (g + 1u) * quads; quad += lanes) {
    let energy = outcomes[outcome_at(outcome_energy, quad)];
    outcomes[outcome_at(outcome_start_energy, quad)] = energy;
    outcomes[outcome_at(outcome_start, quad)] = energy - kinetic(quad);
  }
  // Momenta are read there by others than those who kick them.
  storageBarrier();
  for (var k = 0u; k < params.leapfrogs; k++) {
    kick(lane, g, 0.5 * step);
    for (var i = lane; i < dimension * quads; i += lanes) {
      let quad = g * quads + i % quads;
      particles[slot_at(slot_u, i / quads, quad)] += step * particles[slot_at(slot_momentum, i / quads, quad)];
    }
    storageBarrier();
    evaluate(lane, g, time);
    kick(lane, g, 0.5 * step);
  }
  for (var quad = g * quads + lane; quad < (g + 1u) * quads; quad += lanes) {
    let gain = outcomes[outcome_at(outcome_energy, quad)] - kinetic(quad) - outcomes[outcome_at(outcome_start, quad)];
    let a = words_for(site_accept, n, 2u * quad);
    let b = words_for(site_accept, n, 2u * quad + 1u);
    let u = vec4<f32>(uniform_open(a.x), uniform_open(a.y), uniform_open(b.x), uniform_open(b.y));
    let moves = log(u) < gain;
    outcomes[outcome_at(outcome_moved, quad)] = select(vec4<f32>(), vec4<f32>(1.0), moves);
    outcomes[outcome_at(outcome_accepted, quad)] += select(vec4<f32>(), vec4<f32>(1.0), moves);
    let to = outcome_at(outcome_energy, quad);
    outcomes[to] = select(outcomes[outcome_at(outcome_start_energy, quad)], outcomes[to], moves);
  }
  storageBarrier();
  for (var i = lane; i < dimension * quads; i += lanes) {
    let d = i / quads;
    let quad = g * quads + i % quads;
    let moves = outcomes[outcome_at(outcome_moved, quad)] > vec4<f32>(0.5);
    let u = slot_at(slot_u, d, quad);
    particles[u] = select(particles[slot_at(slot_start_u, d, quad)], particles[u], moves);
    let force = slot_at(slot_force, d, quad);
    particles[force] = select(particles[slot_at(slot_start_force, d, quad)], particles[force], moves);
  }
  storageBarrier();
}

fn kick(lane: u32, g: u32, length: f32) {
  for (var i = lane; i < dimension * quads; i += lanes) {
    let quad = g * quads + i % quads;
    particles[slot_at(slot_momentum, i / quads, quad)] += length * particles[slot_at(slot_force, i / quads, quad)];
  }
  storageBarrier();
}

/// ½|p|² of four particles.
fn kinetic(quad: u32) -> vec4<f32> {
  var sum = vec4<f32>();
  for (var d = 0u; d < dimension; d++) {
    let p = particles[slot_at(slot_momentum, d, quad)];
    sum += 0.5 * p * p;
  }
  return sum;
}

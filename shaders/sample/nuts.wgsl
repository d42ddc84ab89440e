// The no-U-turn sampler, one leapfrog step at a time: multinomial sampling along the trajectory, biased towards its newer half (Hoffman & Gelman 2014; Betancourt 2017,
// "A conceptual introduction to Hamiltonian Monte Carlo", A.3), the criterion of generalised momenta, and a tree that is walked iteratively.
//
// A subtree of 2^depth leaves grows leaf by leaf. U-turns inside it are looked for with the starts of the balanced subtrees that the newest leaf closes; those starts
// are kept in O(depth) memory (Phan, Pradhan & Jankowiak 2019, appendix): an even leaf k stores its momentum, and the sum of momenta before it, at place popcount(k/2);
// an odd leaf closes one subtree per trailing one bit of k, whose starts are at the highest places in use. When the subtree is full it joins the tree.
//
//   ends         [slot][D][chain]   position, momentum, gradient of the tree's backward end, then of its forward end
//   sums         [slot][D][chain]   sum of momenta over the tree, over the subtree
//   checkpoints  [slot][D][chain]   momenta, then sums of momenta up to and without them, one of each per level
//
// A subtree that diverges or turns is dropped with all its leaves, which are charged.

import package::sample::bindings::{params, vectors, vector_at, position, momentum, gradient, draw_position, draw_gradient, candidate_position, candidate_gradient};
import package::sample::chain::{Chain, moving, starting, copy_vector, complete_start, record};
import package::sample::hamiltonian::{impossible_energy, divergence, energy_of, draw_momentum, kick, drift};
import package::lib::threefry::threefry;
import package::lib::uniform::uniform_open;
import package::lib::site::{at_step, site_accept, site_trajectory};
import package::lib::special::log_add_exp;

@group(0) @binding(7) var<storage, read_write> ends: array<f32>;
@group(0) @binding(8) var<storage, read_write> sums: array<f32>;
@group(0) @binding(9) var<storage, read_write> checkpoints: array<f32>;

const end_size = 3u;   // slots of one end
const tree_sum = 0u;
const subtree_sum = 1u;
override levels: u32 = 10u; // deepest tree that `checkpoints` has room for

const impossible_weight = -1e30;

fn begin(c: u32, chain: ptr<function, Chain>) {
  let n = (*chain).iteration;
  copy_vector(draw_position, position, c);
  copy_vector(draw_gradient, gradient, c);
  draw_momentum(c, n);
  (*chain).start_energy = energy_of((*chain).draw_log_density, c);
  (*chain).tree_energy = (*chain).start_energy;
  (*chain).tree_log_density = (*chain).draw_log_density;
  (*chain).log_weight = 0.0;
  (*chain).acceptance = 0.0;
  (*chain).steps = 0u;
  (*chain).depth = 0u;
  (*chain).phase = moving;
  for (var d = 0u; d < params.coordinates; d++) {
    sums[vector_at(tree_sum, d, c)] = vectors[vector_at(momentum, d, c)];
  }
  store_end(0u, c);
  store_end(1u, c);
  begin_subtree(c, chain);
}

fn store_end(end: u32, c: u32) {
  for (var slot = 0u; slot < end_size; slot++) {
    for (var d = 0u; d < params.coordinates; d++) {
      ends[vector_at(end * end_size + slot, d, c)] = vectors[vector_at(slot, d, c)];
    }
  }
}

/// 0 backward, 1 forward.
fn end_of(direction: f32) -> u32 {
  return select(0u, 1u, direction > 0.0);
}

fn random(c: u32, chain: ptr<function, Chain>, site: u32, index: u32) -> vec2<u32> {
  return threefry(params.key, vec2<u32>(at_step(site, (*chain).iteration), (c << (levels + 1u)) | index));
}

/// Chooses a direction and goes to that end of the tree.
fn begin_subtree(c: u32, chain: ptr<function, Chain>) {
  let forward = random(c, chain, site_trajectory, (*chain).depth).x >= 0x80000000u;
  (*chain).direction = select(-1.0, 1.0, forward);
  (*chain).leaf = 0u;
  (*chain).subtree_log_weight = impossible_weight;
  let end = end_of((*chain).direction);
  for (var d = 0u; d < params.coordinates; d++) {
    for (var slot = 0u; slot < end_size; slot++) {
      vectors[vector_at(slot, d, c)] = ends[vector_at(end * end_size + slot, d, c)];
    }
    sums[vector_at(subtree_sum, d, c)] = 0.0;
  }
  step_to_next_leaf(c, chain);
}

fn step_to_next_leaf(c: u32, chain: ptr<function, Chain>) {
  let time = (*chain).direction * params.epsilon;
  kick(c, 0.5 * time);
  drift(c, time);
}

fn complete(c: u32, chain: ptr<function, Chain>, log_density: f32) {
  (*chain).evaluations += 1u;
  if ((*chain).phase == starting) {
    complete_start(c, chain, log_density);
    return;
  }
  (*chain).steps += 1u;
  kick(c, 0.5 * (*chain).direction * params.epsilon);
  let energy = energy_of(log_density, c);
  let log_weight = max((*chain).start_energy - energy, impossible_weight);
  (*chain).acceptance += select(exp(clamp(log_weight, -80.0, 0.0)), 0.0, energy == impossible_energy);
  if (log_weight < -divergence) {
    finish(c, chain, true);
    return;
  }
  add_leaf(c, chain, log_density, energy, log_weight);
  let leaf = (*chain).leaf;
  (*chain).leaf = leaf + 1u;
  if (turns_at(c, leaf)) {
    finish(c, chain, false);
    return;
  }
  if (leaf + 1u < (1u << (*chain).depth)) {
    step_to_next_leaf(c, chain);
    return;
  }
  join_subtree(c, chain);
  if (tree_turns(c) || (*chain).depth >= params.most_steps) {
    finish(c, chain, false);
  } else {
    begin_subtree(c, chain);
  }
}

/// The newest leaf becomes the subtree's proposal with probability weight / (sum of weights).
fn add_leaf(c: u32, chain: ptr<function, Chain>, log_density: f32, energy: f32, log_weight: f32) {
  let total = log_add_exp((*chain).subtree_log_weight, log_weight);
  (*chain).subtree_log_weight = total;
  let u = uniform_open(random(c, chain, site_accept, 2u * (*chain).steps).x);
  if (u < exp(log_weight - total)) {
    copy_vector(position, candidate_position, c);
    copy_vector(gradient, candidate_gradient, c);
    (*chain).candidate_log_density = log_density;
    (*chain).candidate_energy = energy;
  }
  for (var d = 0u; d < params.coordinates; d++) {
    sums[vector_at(subtree_sum, d, c)] += vectors[vector_at(momentum, d, c)];
  }
}

/// Stores the newest leaf, if it is even, or looks for U-turns over all balanced subtrees that it closes.
fn turns_at(c: u32, leaf: u32) -> bool {
  let top = countOneBits(leaf >> 1u);
  if ((leaf & 1u) == 0u) {
    for (var d = 0u; d < params.coordinates; d++) {
      let r = vectors[vector_at(momentum, d, c)];
      checkpoints[vector_at(top, d, c)] = r;
      checkpoints[vector_at(levels + top, d, c)] = sums[vector_at(subtree_sum, d, c)] - r;
    }
    return false;
  }
  var turned = false;
  let closed = countTrailingZeros(~leaf);
  for (var i = 0u; i < closed && !turned; i++) {
    let place = top - i;
    var at_start = 0.0;
    var at_end = 0.0;
    for (var d = 0u; d < params.coordinates; d++) {
      let sum = sums[vector_at(subtree_sum, d, c)] - checkpoints[vector_at(levels + place, d, c)];
      at_start += checkpoints[vector_at(place, d, c)] * sum;
      at_end += vectors[vector_at(momentum, d, c)] * sum;
    }
    turned = at_start <= 0.0 || at_end <= 0.0;
  }
  return turned;
}

/// The full subtree joins the tree, which takes its proposal with probability min(1, subtree's weight / tree's weight).
fn join_subtree(c: u32, chain: ptr<function, Chain>) {
  let u = uniform_open(random(c, chain, site_accept, 2u * (*chain).steps + 1u).x);
  if (u < exp(clamp((*chain).subtree_log_weight - (*chain).log_weight, -80.0, 0.0))) {
    copy_vector(candidate_position, draw_position, c);
    copy_vector(candidate_gradient, draw_gradient, c);
    (*chain).tree_log_density = (*chain).candidate_log_density;
    (*chain).tree_energy = (*chain).candidate_energy;
  }
  (*chain).log_weight = log_add_exp((*chain).log_weight, (*chain).subtree_log_weight);
  (*chain).depth += 1u;
  for (var d = 0u; d < params.coordinates; d++) {
    sums[vector_at(tree_sum, d, c)] += sums[vector_at(subtree_sum, d, c)];
  }
  store_end(end_of((*chain).direction), c);
}

fn tree_turns(c: u32) -> bool {
  var backward = 0.0;
  var forward = 0.0;
  for (var d = 0u; d < params.coordinates; d++) {
    let sum = sums[vector_at(tree_sum, d, c)];
    backward += ends[vector_at(momentum, d, c)] * sum;
    forward += ends[vector_at(end_size + momentum, d, c)] * sum;
  }
  return backward <= 0.0 || forward <= 0.0;
}

fn finish(c: u32, chain: ptr<function, Chain>, diverging: bool) {
  (*chain).draw_log_density = (*chain).tree_log_density;
  let acceptance = (*chain).acceptance / f32((*chain).steps);
  record(c, chain, (*chain).tree_energy, acceptance, diverging, (*chain).depth);
}

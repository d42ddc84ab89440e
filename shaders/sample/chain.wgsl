// What a chain remembers between two leapfrog steps, beside its vectors; the words of `chain_words` in this order, and after them sums over all transitions since `params.origin`.
//
// A chain is a state machine that advances by one leapfrog step at a time, so that chains of one dispatch need not be at the same place of their trajectories:
//   starting   the log density at the first position is still to be evaluated
//   waiting    the last draw stands; the next transition begins when `params.limit` allows
//   moving     in a trajectory (HMC) or a tree (NUTS)

import package::sample::bindings::{params, vectors, chain_words, draws, draw_stats, vector_at, position, gradient, draw_position, draw_gradient};
import package::sample::bindings::{stat_log_density, stat_energy, stat_acceptance, stat_steps, stat_diverging, stat_extra, stat_count};
import package::model_space::dimension;
@if(moments) import package::sample_target::add_draw_to_moments;

const waiting = 0u;
const moving = 1u;
const starting = 2u;

struct Chain {
  phase: u32,
  iteration: u32,              // of the transition under way, or the next one
  evaluations: u32,            // of log density and gradient, in all
  draw_log_density: f32,
  steps: u32,                  // leapfrog steps of this transition
  start_energy: f32,
  lowest_energy: f32,
  highest_energy: f32,
  candidate_log_density: f32,
  candidate_energy: f32,
  length: u32,                 // HMC: steps of the trajectory
  turned: u32,                 // HMC: steps until it turned, or 0
  depth: u32,                  // NUTS, from here on
  leaf: u32,                   // leapfrog steps of the subtree that grows
  direction: f32,              // +1 or −1
  log_weight: f32,             // log Σ exp(−energy + start energy) over the tree
  subtree_log_weight: f32,
  tree_log_density: f32,       // at the tree's proposal
  tree_energy: f32,
  acceptance: f32,             // sum of min(1, exp(start energy − energy)) over the leapfrog steps
  divergences: u32,            // in all
}

// Sums of the energies E at the ends of transitions, kept draws or not, for E-FMI (Betancourt 2016, arXiv 1604.00695): Σ(E_t − E_{t−1})² / Σ(E_t − mean)². Mean and squares by Welford 1962.
const last_energy = 21u;
const mean_energy = 22u;
const energy_squares = 23u;
const energy_jumps = 24u;
// `divergences` at the last draw that was kept.
const told_divergences = 25u;

fn word_at(word: u32, chain: u32) -> u32 {
  return word * params.chains + chain;
}

fn load_u32(word: u32, chain: u32) -> u32 {
  return chain_words[word_at(word, chain)];
}

fn load_f32(word: u32, chain: u32) -> f32 {
  return bitcast<f32>(chain_words[word_at(word, chain)]);
}

fn load_chain(c: u32) -> Chain {
  return Chain(
    load_u32(0u, c), load_u32(1u, c), load_u32(2u, c), load_f32(3u, c), load_u32(4u, c),
    load_f32(5u, c), load_f32(6u, c), load_f32(7u, c), load_f32(8u, c), load_f32(9u, c),
    load_u32(10u, c), load_u32(11u, c), load_u32(12u, c), load_u32(13u, c), load_f32(14u, c),
    load_f32(15u, c), load_f32(16u, c), load_f32(17u, c), load_f32(18u, c), load_f32(19u, c),
    load_u32(20u, c),
  );
}

fn store_u32(word: u32, c: u32, value: u32) {
  chain_words[word_at(word, c)] = value;
}

fn store_f32(word: u32, c: u32, value: f32) {
  chain_words[word_at(word, c)] = bitcast<u32>(value);
}

fn store_chain(c: u32, chain: Chain) {
  store_u32(0u, c, chain.phase);
  store_u32(1u, c, chain.iteration);
  store_u32(2u, c, chain.evaluations);
  store_f32(3u, c, chain.draw_log_density);
  store_u32(4u, c, chain.steps);
  store_f32(5u, c, chain.start_energy);
  store_f32(6u, c, chain.lowest_energy);
  store_f32(7u, c, chain.highest_energy);
  store_f32(8u, c, chain.candidate_log_density);
  store_f32(9u, c, chain.candidate_energy);
  store_u32(10u, c, chain.length);
  store_u32(11u, c, chain.turned);
  store_u32(12u, c, chain.depth);
  store_u32(13u, c, chain.leaf);
  store_f32(14u, c, chain.direction);
  store_f32(15u, c, chain.log_weight);
  store_f32(16u, c, chain.subtree_log_weight);
  store_f32(17u, c, chain.tree_log_density);
  store_f32(18u, c, chain.tree_energy);
  store_f32(19u, c, chain.acceptance);
  store_u32(20u, c, chain.divergences);
}

fn copy_vector(source: u32, destination: u32, c: u32) {
  for (var d = 0u; d < params.coordinates; d++) {
    vectors[vector_at(destination, d, c)] = vectors[vector_at(source, d, c)];
  }
}

/// The first evaluation: the position becomes the first draw, recorded nowhere. The host looks at its log density.
fn complete_start(c: u32, chain: ptr<function, Chain>, log_density: f32) {
  copy_vector(position, draw_position, c);
  copy_vector(gradient, draw_gradient, c);
  (*chain).draw_log_density = log_density;
  (*chain).phase = waiting;
}

/// The energy of transition number `count`, from 1, since `params.origin`.
fn add_energy(c: u32, count: u32, energy: f32) {
  let is_first = count == 1u;
  let mean_before = select(load_f32(mean_energy, c), energy, is_first);
  let jump = energy - select(load_f32(last_energy, c), energy, is_first);
  let mean = mean_before + (energy - mean_before) / f32(count);
  store_f32(last_energy, c, energy);
  store_f32(mean_energy, c, mean);
  store_f32(energy_squares, c, select(load_f32(energy_squares, c), 0.0, is_first) + (energy - mean_before) * (energy - mean));
  store_f32(energy_jumps, c, select(load_f32(energy_jumps, c), 0.0, is_first) + jump * jump);
}

/// A transition ends with the draw in draw_position: writes it out, and what the transition was like. A draw counts as diverging when any transition since the one kept before it did.
fn record(c: u32, chain: ptr<function, Chain>, energy: f32, acceptance: f32, diverging: bool, extra: u32) {
  let n = (*chain).iteration;
  if (n == params.origin) {
    store_u32(told_divergences, c, (*chain).divergences);
  }
  (*chain).iteration = n + 1u;
  (*chain).phase = waiting;
  (*chain).divergences += select(0u, 1u, diverging);
  if (n < params.origin) {
    return;
  }
  add_energy(c, n - params.origin + 1u, energy);
  if ((n + 1u - params.origin) % params.thinning != 0u) {
    return;
  }
  let recorded = (n - params.origin) / params.thinning;
  @if(moments) add_draw_to_moments(c, recorded + 1u);
  let slot = recorded % params.capacity;
  for (var d = 0u; d < params.coordinates; d++) {
    draws[(slot * dimension + d) * params.chains + c] = vectors[vector_at(draw_position, d, c)];
  }
  let at = slot * stat_count * params.chains + c;
  draw_stats[at + stat_log_density * params.chains] = (*chain).draw_log_density;
  draw_stats[at + stat_energy * params.chains] = energy;
  draw_stats[at + stat_acceptance * params.chains] = acceptance;
  draw_stats[at + stat_steps * params.chains] = f32((*chain).steps);
  draw_stats[at + stat_diverging * params.chains] = select(0.0, 1.0, (*chain).divergences != load_u32(told_divergences, c));
  draw_stats[at + stat_extra * params.chains] = f32(extra);
  store_u32(told_divergences, c, (*chain).divergences);
}

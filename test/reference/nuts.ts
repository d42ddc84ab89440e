/**
 * The no-U-turn sampler's tree as the papers write it, by recursion, in float64: doubling (Hoffman & Gelman 2014), the criterion of generalised momenta on every balanced subtree and on the
 * whole tree (Betancourt 2017, A.4.2), multinomial weights with a biased choice between the old tree and the new one (A.3.2). Instead of drawing, it gives every leaf's probability.
 */

import { add, energy, type Hamiltonian, leapfrog, type State, velocity } from './leapfrog.ts';
import { dot, type Vector } from './linear_algebra.ts';

interface Leaf {
  state: State;
  /** Energy less that of the start. */
  excess: number;
}

interface Subtree {
  /** In the order in which they were made. */
  leaves: Leaf[];
  stopped: 'no' | 'turned' | 'diverged';
}

export interface NutsTree {
  steps: number;
  /** Doublings that were kept. */
  depth: number;
  stopped: 'turned' | 'diverged' | 'deepest';
  /** The kept ones, the start among them, with the probability to be the next draw. */
  leaves: (Leaf & { probability: number })[];
  /** min(1, exp(−excess)), averaged over all leapfrog steps. */
  acceptance: number;
  /** The least margin of any decision: |cosine| between an end's momentum and the sum, or |excess − limit| / limit. Smaller errors leave the tree as it is. */
  margin: number;
}

/** Largest excess of energy that is not a divergence. */
const limit = 1000;

/** @param forward the direction of each doubling */
export function nuts_tree(
  h: Hamiltonian,
  start: State,
  epsilon: number,
  forward: (depth: number) => boolean,
  deepest: number,
): NutsTree {
  const start_energy = energy(h, start);
  let margin = Infinity;
  let steps = 0;
  let accepted = 0;

  function turned(first: State, last: State, leaves: readonly Leaf[]): boolean {
    const sum = leaves.map(({ state }) => state.p).reduce((a, b) => add(a, 1, b));
    const length = (p: Vector) => Math.sqrt(dot(p, velocity(h, p)));
    const cosines = [first, last].map(({ p }) => dot(p, velocity(h, sum)) / (length(p) * length(sum)));
    margin = Math.min(margin, ...cosines.map(Math.abs));
    return cosines.some((x) => !(x > 0));
  }

  function build(from: State, direction: number, depth: number): Subtree {
    if (depth === 0) {
      const state = leapfrog(h, from, direction * epsilon);
      const excess = energy(h, state) - start_energy;
      steps += 1;
      accepted += Number.isFinite(excess) ? Math.min(1, Math.exp(-excess)) : 0;
      if (Number.isFinite(excess)) margin = Math.min(margin, Math.abs(excess - limit) / limit);
      return { leaves: [{ state, excess }], stopped: excess <= limit ? 'no' : 'diverged' };
    }
    const near = build(from, direction, depth - 1);
    if (near.stopped !== 'no') return near;
    const far = build((near.leaves.at(-1) as Leaf).state, direction, depth - 1);
    const leaves = [...near.leaves, ...far.leaves];
    if (far.stopped !== 'no') return { leaves, stopped: far.stopped };
    const has_turned = turned((leaves[0] as Leaf).state, (leaves.at(-1) as Leaf).state, leaves);
    return { leaves, stopped: has_turned ? 'turned' : 'no' };
  }

  // From the backward end to the forward one.
  let tree = [{ state: start, excess: 0, probability: 1 }];
  const weight_of = (leaves: readonly Leaf[]) => leaves.reduce((sum, { excess }) => sum + Math.exp(-excess), 0);
  let depth = 0;
  let stopped: NutsTree['stopped'] | undefined;
  while (stopped === undefined) {
    const ahead = forward(depth);
    const grown = build((tree.at(ahead ? -1 : 0) as Leaf).state, ahead ? 1 : -1, depth);
    if (grown.stopped !== 'no') {
      stopped = grown.stopped;
      break;
    }
    const weight = weight_of(grown.leaves);
    const taken = Math.min(1, weight / weight_of(tree));
    const added = grown.leaves.map((leaf) => ({ ...leaf, probability: (taken * Math.exp(-leaf.excess)) / weight }));
    const kept = tree.map((leaf) => ({ ...leaf, probability: leaf.probability * (1 - taken) }));
    tree = ahead ? [...kept, ...added] : [...added.reverse(), ...kept];
    depth += 1;
    if (turned((tree[0] as Leaf).state, (tree.at(-1) as Leaf).state, tree)) stopped = 'turned';
    else if (depth >= deepest) stopped = 'deepest';
  }
  return { steps, depth, stopped, leaves: tree, acceptance: accepted / steps, margin };
}

/** The uniform block of the HMC family's kernels. Must match `Params` in shaders/sample/bindings.wgsl. */
export interface ChainParams {
  chains: number;
  /** Leapfrog steps per dispatch. */
  ticks: number;
  /** Chains stop before this iteration. */
  limit: number;
  /** Iterations that the buffers of draws hold. */
  capacity: number;
  /** The iteration that is recorded first. */
  origin: number;
  /** Of so many iterations, the last is recorded. */
  thinning: number;
  /** Longest trajectory in steps; NUTS: deepest tree. */
  most_steps: number;
  law_kind: number;
  law_length: number;
  shared_length: boolean;
  /** Trajectories go on until they turn. */
  learning: boolean;
  epsilon: number;
  key: readonly [number, number];
  /** D. */
  coordinates: number;
  /** Blocks of rows. */
  blocks: number;
  /** HMC may lose as much energy as it likes: for chains that come from far out. */
  homeward: boolean;
}

export const params_bytes = 80;

export function pack_params(p: ChainParams): ArrayBuffer {
  const buffer = new ArrayBuffer(params_bytes);
  const words = new Uint32Array(buffer);
  words.set([p.chains, p.ticks, p.limit, p.capacity, p.origin, p.thinning, p.most_steps, p.law_kind, p.law_length]);
  words.set([Number(p.shared_length), Number(p.learning)], 9);
  new Float32Array(buffer)[11] = p.epsilon;
  words.set([...p.key, p.coordinates, p.blocks, Number(p.homeward)], 12);
  return buffer;
}

/** Rows of `draw_stats`, as in the shader. */
export const stat_row = { log_density: 0, energy: 1, acceptance: 2, steps: 3, diverging: 4, extra: 5 } as const;
export const stat_count = 6;

/** Words of a chain that the host reads: of struct Chain, and of the sums after it. */
export const chain_word = {
  phase: 0,
  iteration: 1,
  evaluations: 2,
  draw_log_density: 3,
  steps: 4,
  divergences: 20,
  energy_squares: 23,
  energy_jumps: 24,
} as const;
export const chain_words = 26;
export const phase = { waiting: 0, starting: 2 } as const;

/** Slots of `vectors` that the host reads or writes, as in the shader. */
export const vector_slot = { position: 0, momentum: 1, draw_position: 3, draw_gradient: 4 } as const;
export const vector_slots = 7;

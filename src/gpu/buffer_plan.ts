/** The size of a buffer as a product of named factors, so that what `--dry-run` prints is what is multiplied and allocated. */

export interface BufferPlan {
  /** As the shaders call it. */
  role: string;
  /** `2 halves × 7 components × …` */
  formula: string;
  /** Before the pool rounds up to its size class. */
  bytes: number;
}

/** A factor with its name, e.g. `[1000, 'particles']`. */
export type Factor = readonly [number, string];

export function plan_buffer(role: string, ...factors: readonly Factor[]): BufferPlan {
  return {
    role,
    formula: factors.map(([value, name]) => `${value} ${name}`).join(' × '),
    bytes: factors.reduce((product, [value]) => product * value, 1),
  };
}

export const per_number: Factor = [4, 'bytes'];

/** A gradient by all parameters against central differences, part by part. */

import { expect } from 'vitest';
import type { Part } from '../../src/network/mlp.ts';

interface Gradient {
  weights: ArrayLike<number>;
  /** Of the kernels. */
  slopes: ArrayLike<number>;
  parts: Readonly<Record<string, Part>>;
  loss(weights: Float64Array): number;
  /** A parameter that does not learn, and has none. */
  still?: number;
}

/** All parameters of small parts, a spread over the others: within 1e-3 of the part's largest; differences with step 1e-5 err by 1e-9. */
export function expect_gradient({ weights: start, slopes, parts, loss, still }: Gradient): void {
  const weights = Float64Array.from(start);
  for (const [name, part] of Object.entries(parts)) {
    const apart = Math.ceil(part.count / 150);
    const some = Array.from({ length: Math.ceil(part.count / apart) }, (_, n) => part.first + n * apart);
    const difference = some.map((n) => {
      const before = weights[n] as number;
      weights[n] = before + 1e-5;
      const above = loss(weights);
      weights[n] = before - 1e-5;
      const below = loss(weights);
      weights[n] = before;
      return (above - below) / 2e-5;
    });
    const largest = Math.max(...difference.map(Math.abs));
    expect(largest, name).toBeGreaterThan(1e-6);
    some.forEach((n, i) => {
      const wanted = n === still ? 0 : (difference[i] as number);
      expect(Math.abs((slopes[n] as number) - wanted), `${name} ${n - part.first}`).toBeLessThan(1e-3 * largest);
    });
  }
}

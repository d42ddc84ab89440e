// Acceptance: exact; f32 values widened to f64 are the same numbers.
import { describe, expect, it } from 'vitest';
import { kept_draws } from '../../src/data/kept_draws.ts';

/** 2 chains with room for 4 draws, of which 3 are there. */
const kept = () =>
  kept_draws({
    chains: 2,
    draws: 3,
    room: 4,
    parameters: new Map([
      ['b', Float32Array.of(1, 2, 3, 99, 5, 6, 7, 99)],
      ['1', Float32Array.of(0.1, 0.2, 0.3, 99, 0.5, 0.6, 0.7, 99)],
    ]),
    sampler: { diverging: Float32Array.of(0, 1, 0, 99, 0, 0, 1, 99) },
  });
const b = [Float64Array.of(1, 2, 3), Float64Array.of(5, 6, 7)];
const one = [[0.1, 0.2, 0.3].map(Math.fround), [0.5, 0.6, 0.7].map(Math.fround)].map((x) => Float64Array.from(x));

describe('kept draws', () => {
  it('are read as f64 chains, of the draws that there are', () => {
    const { chains, draws, parameters, sampler } = kept();
    expect({ chains, draws }).toEqual({ chains: 2, draws: 3 });
    expect(parameters.get('b')).toEqual(b);
    expect(parameters.get('1')).toEqual(one);
    expect(parameters.get('none')).toBeUndefined();
    expect(sampler).toEqual({ diverging: [Float64Array.of(0, 1, 0), Float64Array.of(0, 0, 1)] });
    expect(Object.keys(sampler)).toEqual(['diverging']);
  });

  it('are a map like any other, in the order given', () => {
    const { parameters } = kept();
    expect(parameters.size).toBe(2);
    expect([parameters.has('b'), parameters.has('c')]).toEqual([true, false]);
    expect([...parameters.keys()]).toEqual(['b', '1']);
    expect([...parameters.values()]).toEqual([b, one]);
    expect([...parameters.entries()]).toEqual([...parameters]);
    expect(new Map(parameters)).toEqual(new Map(Object.entries({ b }).concat([['1', one]])));
    const seen: string[] = [];
    parameters.forEach((chains, name, map) => {
      expect(map).toBe(parameters);
      seen.push(`${name} ${chains.length}`);
    });
    expect(seen).toEqual(['b 2', '1 2']);
  });

  it('are the readers’ own: who changes what was read changes no draw', () => {
    const { parameters } = kept();
    parameters.get('b')?.[0]?.fill(7);
    expect(parameters.get('b')).toEqual(b);
  });
});

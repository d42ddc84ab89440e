// Acceptance: equality. Bits have no tolerance, and the known answers are those of Random123 (kat_vectors, threefry2x32_20), which JAX's own tests repeat.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { site, threefry, uniform_at, words_at } from '../../src/random/threefry.ts';
import { elementwise, run_elementwise, use_device } from '../device.ts';

const known_answers = [
  { key: [0, 0], counter: [0, 0], words: [0x6b200159, 0x99ba4efe] },
  { key: [0xffffffff, 0xffffffff], counter: [0xffffffff, 0xffffffff], words: [0x1cb996fc, 0xbb002be7] },
  { key: [0x13198a2e, 0x03707344], counter: [0x243f6a88, 0x85a308d3], words: [0xc4923a9c, 0x483df7a0] },
] as const;

const shader = elementwise(
  'import package::lib::threefry::threefry;',
  'vec4<u32>',
  'vec2<u32>',
  'return threefry(input.xy, input.zw);',
);

describe('threefry', () => {
  const device = use_device();
  const on_gpu = async (rows: readonly (readonly number[])[]) => {
    const words = new Uint32Array(await run_elementwise(device(), shader, Uint32Array.from(rows.flat()), 4, 2));
    return rows.map((_, i) => [words[2 * i] as number, words[2 * i + 1] as number]);
  };

  it.each(known_answers)('gives the known answer for counter $counter', async ({ key, counter, words }) => {
    expect(threefry(key, counter)).toEqual(words);
    expect(await on_gpu([[...key, ...counter]])).toEqual([words]);
  });

  it('gives the same bits in WGSL and in TypeScript', async () => {
    // Words with few bits set are where a wrong rotation or a lost carry hides.
    const bits = { min: 0, max: 0xffffffff };
    const word = fc.oneof(fc.integer(bits), fc.constantFrom(0, 1, 2, 0x7fffffff, 0x80000000, 0xffffffff));
    const row = fc.tuple(word, word, word, word);
    const property = fc.asyncProperty(fc.array(row, { minLength: 500, maxLength: 1000 }), async (rows) => {
      expect(await on_gpu(rows)).toEqual(rows.map(([a, b, c, d]) => threefry([a, b], [c, d])));
    });
    await fc.assert(property, { numRuns: 10, seed: 1, endOnFailure: true });
  });

  it('puts the site in the top four bits of the counter and the step below, as the shader does', async () => {
    const at_step = elementwise(
      'import package::lib::site::at_step;',
      'vec2<u32>',
      'u32',
      'return at_step(input.x, input.y);',
    );
    const places = Object.values(site).flatMap((s) => [0, 1, 77, 2 ** 28 - 1].map((step) => [s, step] as const));
    const counters = await run_elementwise(device(), at_step, Uint32Array.from(places.flat()), 2, 1);
    const key = [3, 4] as const;
    new Uint32Array(counters).forEach((counter, i) => {
      const [s, step] = places[i] as (typeof places)[number];
      expect(threefry(key, [counter, 9])).toEqual(words_at(key, s, step, 9));
    });
    expect(new Set(new Uint32Array(counters)).size).toBe(places.length);
  });

  it('names the sites alike in WGSL and in TypeScript', async () => {
    const of_host_alone: readonly string[] = ['prior', 'start', 'weights', 'exchange'];
    const shared = Object.entries(site).filter(([name]) => !of_host_alone.includes(name));
    const imports = `import package::lib::site::{${shared.map(([name]) => `site_${name}`).join(', ')}};`;
    const list = `let sites = array<u32, ${shared.length}>(${shared.map(([name]) => `site_${name}`).join(', ')}); return sites[id];`;
    const words = await run_elementwise(
      device(),
      elementwise(imports, 'u32', 'u32', list),
      new Uint32Array(shared.length),
      1,
      1,
    );
    expect([...new Uint32Array(words)]).toEqual(shared.map(([, value]) => value));
  });
});

describe('uniform_at', () => {
  it('is inside (0, 1) and depends on every one of its arguments', () => {
    const word = fc.integer({ min: 0, max: 0xffffffff });
    fc.assert(
      fc.property(
        word,
        word,
        fc.integer({ min: 0, max: 2 ** 28 - 2 }),
        fc.integer({ min: 0, max: 0xfffffffe }),
        (a, b, step, index) => {
          const value = uniform_at([a, b], site.prior, step, index);
          expect(value).toBeGreaterThan(0);
          expect(value).toBeLessThan(1);
          expect(value).not.toBe(uniform_at([a ^ 1, b], site.prior, step, index));
          expect(value).not.toBe(uniform_at([a, b ^ 1], site.prior, step, index));
          expect(value).not.toBe(uniform_at([a, b], site.propose, step, index));
          expect(value).not.toBe(uniform_at([a, b], site.prior, step + 1, index));
          expect(value).not.toBe(uniform_at([a, b], site.prior, step, index + 1));
        },
      ),
      { seed: 2 },
    );
  });
});

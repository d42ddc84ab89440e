// Acceptance: exact bytes by the formulas, and messages that name what to do.
import { describe, expect, it } from 'vitest';
import { free_memory, host_shortage, refuse_shortage } from '../../src/node/host_memory.ts';
import { host_memory } from '../../src/sample/memory.ts';

describe('the memory of kept draws', () => {
  it('is that of the columns twice, and of judging one of them', () => {
    const bytes = host_memory({ chains: 8, kept: 1000, parameters: 3 }).map((plan) => plan.bytes);
    // Three parameters and seven columns of the sampler, four bytes each.
    expect(bytes).toEqual([8000 * 10 * 4, 8000 * 140, 8000 * 10 * 4]);
  });

  it('of 65536 chains × 250 draws of 25 parameters is some gigabytes', () => {
    const plans = host_memory({ chains: 65536, kept: 250, parameters: 25 });
    const bytes = plans.reduce((sum, plan) => sum + plan.bytes, 0);
    expect(bytes / 2 ** 30).toBeGreaterThan(3.2);
    expect(bytes / 2 ** 30).toBeLessThan(8);
  });

  it('that is not there is refused, with what helps', () => {
    const plans = host_memory({ chains: 1024, kept: 1024, parameters: 3 });
    const bytes = plans.reduce((sum, plan) => sum + plan.bytes, 0);
    expect(host_shortage({ plans, free: bytes })).toEqual([]);
    expect(() => refuse_shortage({ plans, free: bytes })).not.toThrow();
    expect(() => refuse_shortage({ plans, free: bytes - 1 })).toThrow(
      /take up to 0\.215 GiB of memory here, and 0\.215 GiB are free\.\nKeep one of several with --keep every:K/,
    );
  });
});

describe('free memory', () => {
  it('is a number of bytes that a machine can have', () => {
    expect(free_memory()).toBeGreaterThan(2 ** 20);
    expect(free_memory()).toBeLessThan(2 ** 50);
  });
});

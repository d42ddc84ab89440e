// Acceptance: bytes are counted, so equality; a pooled buffer is at most a quarter larger than asked for (sizes 1, 1.25, 1.5, 1.75 times a power of two), and never below 256 bytes.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { create_buffer_pool } from '../../src/gpu/buffers.ts';
import { GpuError } from '../../src/gpu/gpu_error.ts';
import { use_device } from '../device.ts';

const device = use_device();
const with_pool = <T>(use: (pool: ReturnType<typeof create_buffer_pool>) => T): T => {
  const pool = create_buffer_pool(device().gpu);
  try {
    return use(pool);
  } finally {
    pool.destroy();
  }
};

it('counts what is handed out and what exists, in any order of taking and giving', () => {
  const command = fc.oneof(
    fc.record({ take: fc.integer({ min: 1, max: 100_000 }) }),
    fc.record({ give: fc.nat({ max: 20 }) }),
  );
  fc.assert(
    fc.property(fc.array(command, { maxLength: 60 }), (commands) =>
      with_pool((pool) => {
        const held: GPUBuffer[] = [];
        const ever = new Set<GPUBuffer>();
        for (const command of commands) {
          if ('take' in command) {
            const buffer = pool.take('langevin.test.buffer', command.take);
            expect(buffer.size).toBeGreaterThanOrEqual(command.take);
            expect(buffer.size).toBeLessThanOrEqual(Math.max(256, 1.25 * command.take + 4));
            expect(buffer.size % 4).toBe(0);
            expect(held).not.toContain(buffer);
            held.push(buffer);
            ever.add(buffer);
          } else if (held.length > 0) {
            pool.give(held.splice(command.give % held.length, 1)[0] as GPUBuffer);
          }
          const bytes = (buffers: Iterable<GPUBuffer>) => [...buffers].reduce((sum, { size }) => sum + size, 0);
          expect(pool.in_use).toBe(bytes(held));
          expect(pool.allocated).toBe(bytes(ever));
        }
      }),
    ),
    { numRuns: 50, seed: 1 },
  );
});

it('hands a returned buffer to the next request of its size and usage, under its new name, and to no other', () =>
  with_pool((pool) => {
    const first = pool.take('langevin.test.first', 1000);
    pool.give(first);
    expect(pool.take('langevin.test.uniform', 1000, GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST)).not.toBe(first);
    expect(pool.take('langevin.test.large', 2000)).not.toBe(first);
    const second = pool.take('langevin.test.second', 990);
    expect(second).toBe(first);
    expect(second.label).toBe('langevin.test.second');
    expect(pool.take('langevin.test.third', 1000)).not.toBe(first);
  }));

it('refuses what the adapter cannot bind, with the name, the size and the limit, and counts nothing', () =>
  with_pool((pool) => {
    const { maxStorageBufferBindingSize, maxBufferSize } = device().gpu.limits;
    const limit = Math.min(maxStorageBufferBindingSize, maxBufferSize);
    const take = () => pool.take('langevin.test.huge', limit + 4);
    expect(take).toThrow(GpuError);
    expect(take).toThrow(`langevin.test.huge needs a buffer of ${limit + 4} bytes; this adapter's limit is ${limit}.`);
    expect([pool.in_use, pool.allocated]).toEqual([0, 0]);
  }));

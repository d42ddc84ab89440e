/** A result with one of everything, with numbers that are easy to check by head. */

import type { BenchRecord, Limits, Row, Timing } from '../../bench/record.ts';

export const timing = (median: number): Timing => ({
  median,
  lower_quartile: 0.9 * median,
  upper_quartile: 1.2 * median,
  repeats: 5,
});

export const row = (changes: Partial<Row> = {}): Row => ({
  label: 'lgssm, gradient',
  shape: 'lane',
  best: true,
  sizes: { filters: 256, particles: 1024, steps: 100, tangents: 3 },
  work: { count: 26_214_400, unit: 'particle-steps' },
  wall: timing(2000),
  gpu: timing(1990),
  rate: 13_107_200,
  bound: { bytes: 136, operations: 179, ms: 500, by: 'arithmetic', ratio: 0.25 },
  peers: [],
  ...changes,
});

export const limits: Limits = {
  copy_kernel: 3.5e9,
  copy_buffer: 21e9,
  copy_bytes: 2 ** 27,
  multiply_add: 3.3e9,
  dispatch_ms: 0.014,
  submit_ms: 0.43,
  read_back_ms: 0.48,
};

export const record = (changes: Partial<BenchRecord> = {}): BenchRecord => ({
  format: 'langevin-bench-1',
  subject: 'filter',
  quick: false,
  command: 'npm run bench -- filter',
  date: '2026-11-21T10:00:00.000Z',
  commit: 'abc1234',
  adapter: {
    kind: 'software',
    name: 'SwiftShader Device (Subzero)',
    vendor: 'google',
    architecture: 'swiftshader',
    driver: 'SwiftShader 5',
  },
  implementation: 'Dawn of webgpu 0.6.2',
  node: 'v20.20.2',
  cores: 2,
  timestamps: 'exact',
  limits,
  rows: [
    row(),
    row({ shape: 'workgroup', best: false, wall: timing(4000), rate: 6_553_600 }),
    row({
      label: 'lgssm, gradient, shared noise',
      peers: [
        {
          outcome: 'measured',
          tool: 'PyTorch',
          version: '1.13.1',
          device: 'cpu',
          threads: 2,
          median: 3000,
          ratio: 1.5,
          agreement: 'check: 64 of 64 filters equal to rounding',
        },
        { outcome: 'skipped', tool: 'JAX', reason: 'not found; pip install jax' },
      ],
    }),
  ],
  findings: [
    {
      label: 'buffers on the device after ten banks',
      value: 1024,
      unit: 'B',
      wanted: 'as after the first: 1024 B',
      met: true,
    },
  ],
  skipped: [],
  seconds: 100,
  ...changes,
});

export const gpu = {
  kind: 'hardware',
  name: 'NVIDIA H200',
  vendor: 'nvidia',
  architecture: 'hopper',
  driver: '580',
} as const;

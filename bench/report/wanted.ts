/** The speeds that were asked for, each with the measurement that decides it. Where there is none, the table says "not measured"; nothing is estimated. */

import { three_digits } from '../format.ts';
import type { BenchRecord, Finding, Row } from '../record.ts';
import { wanted_of_training } from './wanted_training.ts';
import { a_cuda_gpu, a_gpu, against, hardware, type Wanted } from './wish.ts';

export interface WantedRow {
  where: string;
  what: string;
  wanted: string;
  found: string;
}

const sized =
  (label: string, [filters, particles, steps]: readonly [number, number, number]) =>
  (row: Row) =>
    row.label.startsWith(label) &&
    row.sizes.filters === filters &&
    row.sizes.particles === particles &&
    row.sizes.steps === steps;

const by_findings =
  (subject: string, labels: RegExp, show: (findings: readonly Finding[]) => string): Wanted['judge'] =>
  (record) => {
    const of_subject = record.subject === subject ? record.findings : [];
    // A quick run shows numbers that it does not judge.
    const findings = of_subject.filter(({ label, met }) => met !== undefined && labels.test(label));
    if (findings.length === 0) return undefined;
    return { value: show(findings), met: findings.every(({ met }) => met === true) };
  };

const share_met = (findings: readonly Finding[]) =>
  `${findings.filter(({ met }) => met === true).length} of ${findings.length} figures`;

const values = (findings: readonly Finding[]) => findings.map(({ value }) => three_digits(value)).join(', ');

/** Ours below a published time, with a log-evidence as near the exact one as its finding wants. */
const faster_than =
  (size: number, seconds: number): Wanted['judge'] =>
  ({ rows, findings }) => {
    const row = rows.find(({ label, sizes }) => label.includes('unknown AR') && sizes.filters === size);
    const evidence = findings.find(({ label }) => label.includes(`unknown AR coefficient, ${size} ×`));
    if (!row || !evidence) return undefined;
    return {
      value: `${three_digits(row.wall.median / 1000)} s, log-evidence off by ${three_digits(evidence.value)}`,
      met: row.wall.median < 1000 * seconds && evidence.met === true,
    };
  };

const gradient_rows = ['lgssm', 'sir'].flatMap((model): Wanted[] => {
  const what = `filter bank with gradient, ${model}, 1024 × 1024 × 100`;
  const size = [1024, 1024, 100] as const;
  const place = { where: a_cuda_gpu, what, on: hardware };
  const label = `${model}, gradient`;
  return [
    {
      ...place,
      wanted: 'at least 10 times as fast as PyTorch CUDA',
      judge: against(sized(label, size), /torch/i, /cuda/i, 10),
    },
    {
      ...place,
      wanted: 'at least 3 times as fast as JAX with jit',
      judge: against(sized(label, size), /^jax$/i, /cuda/i, 3),
    },
  ];
});

const on_two_cores = [256, 1024, 100] as const;

const wanted: readonly Wanted[] = [
  ...gradient_rows,
  ...(
    [
      [512, 0.57],
      [1024, 2.85],
    ] as const
  ).map(
    ([size, seconds]): Wanted => ({
      where: a_gpu,
      what: `SMC², unknown AR coefficient, ${size} × ${size}`,
      wanted: `below the published ${seconds} s, log-evidence within 0.1`,
      on: hardware,
      judge: faster_than(size, seconds),
    }),
  ),
  {
    where: a_gpu,
    what: 'grid scan of 10⁷',
    wanted: 'at least 60 % of the copy bandwidth',
    on: hardware,
    judge: ({ subject, rows }) => {
      const row = subject === 'scan' ? rows.find(({ sizes }) => sizes.particles === 10_000_000) : undefined;
      const ratio = row?.bound?.ratio;
      return ratio === undefined ? undefined : { value: `${three_digits(100 * ratio)} %`, met: ratio >= 0.6 };
    },
  },
  {
    where: a_gpu,
    what: 'cost of a tangent over the filter without, in the shape that the bank chooses: slope, and the worst D',
    wanted: 'at most 0.6, both',
    on: hardware,
    judge: by_findings('tangents', /^cost of a tangent.*\(default\)$/, values),
  },
  {
    where: 'lavapipe, software',
    what: 'filter bank with 3 tangents, lgssm, 256 × 1024 × 100',
    wanted: 'at least as fast as PyTorch with autograd on the same CPU',
    on: ({ name }) => /llvmpipe|lavapipe/i.test(name),
    judge: against(sized('lgssm, gradient', on_two_cores), /torch/i, /cpu/i, 1),
  },
  {
    where: 'SwiftShader, software',
    what: 'filter bank with 3 tangents, lgssm, 256 × 1024 × 100',
    wanted: 'at least half as fast as PyTorch with autograd on the same CPU',
    on: ({ name }) => /swiftshader/i.test(name),
    judge: against(sized('lgssm, gradient', on_two_cores), /torch/i, /cpu/i, 0.5),
  },
  ...(
    [
      [a_gpu, hardware],
      ['a software adapter', ({ kind }: BenchRecord['adapter']) => kind === 'software'],
    ] as const
  ).flatMap(([where, on]): Wanted[] => [
    {
      where,
      what: 'exponents of cost against steps, particles, filters',
      wanted: '0.9 to 1.1',
      on,
      judge: by_findings('growth', /^exponent/, values),
    },
    {
      where,
      what: 'cost per step, particle, filter on a full device: dearest over cheapest size',
      wanted: 'at most 1.1',
      on,
      judge: by_findings('growth', /^cost per unit/, values),
    },
    {
      where,
      what: 'NUTS and the eHMC family on German credit A: ESS of θ per gradient',
      wanted: 'within 10 % of the published rows',
      on,
      judge: by_findings('sample', /ESS of θ per gradient, smallest, by/, share_met),
    },
    {
      where,
      what: 'sampling German credit A: gradients, and the worse ESS of θ and θ², per second',
      wanted: where === a_gpu ? 'at least 10 times rstan on one core' : 'per core at least those of rstan',
      on,
      judge: by_findings('sample', /over rstan on one core$/, values),
    },
  ]),
  ...wanted_of_training,
];

/** One row per wish and adapter that measured it, or one that says that none did. */
export function wanted_rows(records: readonly BenchRecord[]): WantedRow[] {
  return wanted.flatMap(({ where, what, wanted, on, judge }) => {
    const found = records
      .filter(({ adapter }) => on(adapter))
      .flatMap((record) => {
        const judged = judge(record);
        if (!judged) return [];
        const verdict = judged.met ? 'met' : '**not met**';
        return [`${judged.value} on ${record.adapter.name}, ${verdict}${record.quick ? ' (quick run)' : ''}`];
      });
    return [{ where, what, wanted, found: found.length > 0 ? found.join('; ') : 'not measured' }];
  });
}

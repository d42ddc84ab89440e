/** What can be set of the HMC scene. */

import { default_acceptance, type SamplerKind, samplers } from '../../../sample/options.ts';
import type { Setting, Values } from '../../shell/settings.ts';
import { example } from './own.ts';
import { targets } from './targets.ts';

const sampler_options = samplers.map((name) => [name, name] as const);

export const own_settings: Setting[] = [
  {
    ...{ kind: 'text', name: 'parameters', label: 'Parameters and priors', rows: 3, fallback: example.parameters },
    help: 'NAME = FAMILY:ARGUMENTS, one per line',
  },
  {
    ...{ kind: 'text', name: 'wgsl', label: 'Log density (WGSL)', rows: 8, fallback: example.wgsl },
    help: 'fn log_density(theta: Theta), or fn log_likelihood(row: Row, theta: Theta) for the rows of a CSV',
  },
  {
    ...{ kind: 'text', name: 'columns', label: 'Columns of a row', rows: 1, fallback: '' },
    help: 'for log_likelihood; drop the CSV on the page',
  },
];

export function hmc_settings(kind: 'hardware' | 'software', values: Values): Setting[] {
  const software = kind === 'software';
  const sampler = (values.sampler ?? 'nuts') as SamplerKind;
  return [
    {
      ...{ kind: 'choice', name: 'target', label: 'Target', fallback: 'banana' },
      options: Object.entries(targets).map(([name, { label }]) => [name, label] as const),
    },
    ...(values.target === 'own' ? own_settings : []),
    { kind: 'choice', name: 'sampler', label: 'Sampler', options: sampler_options, fallback: 'nuts' },
    {
      ...{ kind: 'choice', name: 'beside', label: 'Beside it', fallback: 'hmc' },
      options: [['none', 'nothing'], ...sampler_options],
    },
    {
      ...{ kind: 'number', name: 'chains', label: 'Chains', least: 2, most: 16384, whole: true },
      fallback: software ? 64 : 1024,
    },
    {
      ...{
        kind: 'number',
        name: 'draws',
        label: 'Draws of a chain',
        least: 8,
        most: 20_000,
        whole: true,
        expert: true,
      },
      fallback: software ? 400 : 1000,
    },
    {
      ...{ kind: 'number', name: 'warmup', label: 'Warm-up', least: 50, most: 5000, whole: true, expert: true },
      ...{ fallback: 200, help: 'iterations in which step size and metric are found' },
    },
    {
      ...{ kind: 'choice', name: 'metric', label: 'Metric', fallback: 'diagonal', expert: true },
      options: ['diagonal', 'dense', 'unit'].map((name) => [name, name] as const),
    },
    {
      ...{ kind: 'number', name: 'acceptance', label: 'Wanted acceptance', least: 0.05, most: 0.999, expert: true },
      ...{ fallback: default_acceptance[sampler], option: 'target-acceptance' },
    },
    {
      ...{ kind: 'number', name: 'steps', label: 'Steps of a trajectory', least: 1, most: 1000, whole: true },
      ...{ fallback: 12, expert: true, help: 'hmc only' },
    },
    {
      ...{ kind: 'flag', name: 'trajectories', label: 'Trajectories', fallback: true, expert: true },
      help: 'of a few chains, when slow or step by step',
    },
  ];
}

/** What can be set of the merge scene. */

import { type MergeMethod, merge_methods } from '../../../merge/methods.ts';
import type { Setting, Values } from '../../shell/settings.ts';
import { most_shards, problems } from './problems.ts';

export function merge_settings(kind: 'hardware' | 'software', values: Values): Setting[] {
  const software = kind === 'software';
  const method = (values.method ?? 'diffusion') as MergeMethod;
  const of_learning: Setting[] = [
    {
      ...{ kind: 'number', name: 'updates', label: 'Updates of every network', least: 100, most: 200_000, whole: true },
      fallback: software ? 2000 : 20_000,
    },
    {
      ...{ kind: 'number', name: 'networks', label: 'Networks of every shard', least: 1, most: 8, whole: true },
      ...{ fallback: software ? 1 : 2, expert: true, help: 'they share the draws; where they disagree, it is said' },
    },
  ];
  return [
    {
      ...{ kind: 'choice', name: 'problem', label: 'Problem', fallback: 'stations' },
      options: Object.entries(problems).map(([name, { label }]) => [name, label] as const),
    },
    { kind: 'number', name: 'shards', label: 'Shards', least: 2, most: most_shards, whole: true, fallback: 3 },
    {
      ...{ kind: 'choice', name: 'method', label: 'Method', fallback: 'diffusion' },
      options: merge_methods.toReversed().map((name) => [name, name] as const),
    },
    {
      ...{ kind: 'number', name: 'shard_draws', label: 'Draws of a shard', least: 200, most: 50_000, whole: true },
      fallback: software ? 3000 : 10_000,
    },
    ...(method === 'diffusion' ? of_learning : []),
    {
      ...{ kind: 'number', name: 'draws', label: 'Merged draws', least: 512, most: 50_000, whole: true, expert: true },
      fallback: software ? 2048 : 10_000,
    },
  ];
}

/** The command line of the benchmarks, for main.ts and for the child that runs one: one parser, so that both understand the same. */

import { parseArgs } from 'node:util';
import { UserError } from '../src/model/user_error.ts';

export interface BenchOptions {
  /** Undefined: list what there is. */
  name: string | undefined;
  adapter: string | undefined;
  quick: boolean;
  peers: boolean;
  out: string | undefined;
  /** Seconds after which a peer is stopped; undefined: as bench/peers/peers.ts says. */
  peer_limit: number | undefined;
}

export const usage =
  'npm run bench -- NAME [--adapter NAME|hardware|software] [--quick] [--no-peers] [--peer-limit SECONDS] [--out FILE.json]';

/** Throws UserError for what is not an option, or has a wrong value. */
export function parse_bench_options(args: readonly string[]): BenchOptions {
  const { positionals, values } = parse(args);
  const [name, extra] = positionals;
  if (extra !== undefined) throw new UserError(`One benchmark at a time: "${extra}" is one too many.\n${usage}`);
  if (values.out !== undefined && !values.out.endsWith('.json')) {
    throw new UserError(`--out ${values.out} does not end in .json.\n${usage}`);
  }
  return {
    name,
    adapter: values.adapter,
    quick: values.quick ?? false,
    peers: !values['no-peers'],
    out: values.out,
    peer_limit: seconds(values['peer-limit']),
  };
}

function seconds(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!(value > 0)) throw new UserError(`--peer-limit must be a number of seconds, not ${text}.\n${usage}`);
  return value;
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        adapter: { type: 'string' },
        quick: { type: 'boolean' },
        'no-peers': { type: 'boolean' },
        'peer-limit': { type: 'string' },
        out: { type: 'string' },
      },
    });
  } catch (error) {
    const [reason] = (error instanceof Error ? error.message : String(error)).split('. ', 1);
    throw new UserError(`${reason}.\n${usage}`);
  }
}

/** A file name from an adapter's name: `swiftshader_device_subzero`. */
export const adapter_slug = (adapter: string): string =>
  adapter
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_|_$/g, '');

/**
 * Where a result goes: the file asked for, with the adapter's name before the ending where there are several adapters; by default a file under runs/, which git
 * ignores, so that a try never overwrites what the README shows.
 */
export function result_path(options: BenchOptions, adapter: string, several: boolean): string {
  if (options.out === undefined) return `runs/bench/${options.name}-${adapter_slug(adapter)}.json`;
  return several ? options.out.replace(/\.json$/, `-${adapter_slug(adapter)}.json`) : options.out;
}

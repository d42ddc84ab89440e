/** Options by which a command finds the engine over NATS, and the connection that they make. */

import { hostname } from 'node:os';
import { patient } from '../../engine/patient.ts';
import type { Engine } from '../../engine/types.ts';
import { UserError } from '../../model/user_error.ts';
import type { OptionSpecs, Options } from '../options.ts';
import type { Access } from './nats/access.ts';

export const engine_options = {
  nats: {
    kind: 'text',
    value: 'URL',
    help: 'ranks on other machines too, over NATS JetStream: nats://host:4222 or tls://…',
  },
  pool: { kind: 'text', value: 'NAME', help: '--nats: who works together (default langevin)' },
  'nats-creds': { kind: 'text', value: 'FILE', help: '--nats: credentials, a .creds file' },
  'nats-nkey': { kind: 'text', value: 'FILE', help: '--nats: seed of an nkey' },
  'nats-user': {
    kind: 'text',
    value: 'NAME',
    help: '--nats: user; password in NATS_PASSWORD (or a token in NATS_TOKEN)',
  },
  'nats-ca': { kind: 'text', value: 'FILE', help: '--nats: certificate authorities for TLS' },
  'nats-cert': { kind: 'text', value: 'FILE', help: '--nats: our certificate for TLS' },
  'nats-key': { kind: 'text', value: 'FILE', help: '--nats: its key' },
} as const satisfies OptionSpecs;

/** Undefined without --nats. Throws UserError where other options say that it was meant. */
export async function engine_over_nats(
  options: Options,
  { hold, on_change }: { hold?: number; on_change?: (reachable: boolean) => void } = {},
): Promise<Engine | undefined> {
  const access = access_of(options);
  if (!access) return undefined;
  const pool = word_option(options, 'pool') ?? 'langevin';
  // Loaded when it is asked for: most runs need no NATS.
  const { connect_nats } = await import('./nats/engine.ts');
  const engine = await connect_nats({ ...access, pool, ...(hold === undefined ? {} : { hold }) });
  return patient(engine, { on_change: on_change ?? say_change });
}

/** A name that is part of the engine's keys. */
export function word_option(options: Options, name: string): string | undefined {
  const given = options.text(name);
  if (given !== undefined && !/^[A-Za-z0-9_-]{1,40}$/.test(given))
    throw new UserError(`--${name} must be up to 40 letters, digits, "_" and "-", not "${given}".`);
  return given;
}

/** The options as words, for processes that join by them too. */
export function engine_words(options: Options): string[] {
  return Object.keys(engine_options).flatMap((name) => {
    const value = options.text(name);
    return value === undefined ? [] : [`--${name}`, value];
  });
}

function access_of(options: Options): Access | undefined {
  const url = options.text('nats');
  if (url === undefined) {
    const idle = Object.keys(engine_options).find((name) => options.text(name) !== undefined);
    if (idle) throw new UserError(`--${idle} is for a run over NATS.\nAdd --nats URL, or leave it out.`);
    return undefined;
  }
  const given = (['creds', 'nkey', 'user', 'ca', 'cert', 'key'] as const).flatMap((name) => {
    const value = options.text(`nats-${name}`);
    return value === undefined ? [] : [[name, value] as const];
  });
  return { url, ...Object.fromEntries(given) };
}

export const say_change = (reachable: boolean) =>
  process.stderr.write(reachable ? 'The broker is back.\n' : 'The broker is away; waiting for it.\n');

/** Of this process, told from all others. */
export const process_name = () => `${hostname()}-${process.pid}-${Math.random().toString(36).slice(2, 8)}`;

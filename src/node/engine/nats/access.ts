/** How the connection to NATS is allowed: who we are, and that nobody listens. */

import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { type Authenticator, credsAuthenticator, nkeyAuthenticator } from '@nats-io/transport-node';
import { UserError } from '../../../model/user_error.ts';

export interface Access {
  /** Of one server or several of a cluster, with commas between: nats://host:4222, tls://… */
  url: string;
  /** Files: of credentials (JWT and seed), of an nkey's seed. */
  creds?: string;
  nkey?: string;
  /** A user's name; the password is in the environment, NATS_PASSWORD, and so is a token, NATS_TOKEN. */
  user?: string;
  /** Files for TLS: authorities, our certificate and its key. */
  ca?: string;
  cert?: string;
  key?: string;
}

export interface ConnectionSettings {
  servers: string[];
  authenticator?: Authenticator;
  user?: string;
  pass?: string;
  token?: string;
  tls?: { ca?: string; cert?: string; key?: string };
}

/** Throws UserError for a URL or file that is wrong, and for a connection beyond this machine that has no credentials, or is not encrypted. */
export function connection_settings(access: Access, environment = process.env): ConnectionSettings {
  const urls = access.url.split(',').map((text) => parse_url(text.trim()));
  const [first] = urls as [URL];
  const file = (name: 'creds' | 'nkey' | 'ca' | 'cert' | 'key') => access[name] && read(access[name], `--nats-${name}`);
  const [creds, nkey, ca, cert, key] = [file('creds'), file('nkey'), file('ca'), file('cert'), file('key')];
  const user = access.user ?? (first.username ? decodeURIComponent(first.username) : undefined);
  const pass = first.password ? decodeURIComponent(first.password) : environment.NATS_PASSWORD;
  const token = user ? undefined : environment.NATS_TOKEN;
  const is_encrypted = Boolean(ca || cert) || urls.every(({ protocol }) => protocol === 'tls:');
  const is_named = Boolean(creds || nkey || (user && pass) || token || cert);
  const beyond = urls.find(({ hostname }) => !is_loopback(hostname));
  if (beyond && !(is_named && is_encrypted)) {
    const missing = [...(is_named ? [] : ['credentials']), ...(is_encrypted ? [] : ['encryption'])].join(' and ');
    throw new UserError(
      `The connection to ${beyond.hostname} leaves this machine and has no ${missing}: whoever can reach it could run models of theirs on every worker.\nGive --nats-creds FILE, --nats-nkey FILE, or --nats-user NAME with NATS_PASSWORD; and tls:// in the URL, or --nats-ca FILE.`,
    );
  }
  const authenticator = creds
    ? credsAuthenticator(bytes(creds))
    : nkey
      ? nkeyAuthenticator(bytes(nkey.trim()))
      : undefined;
  return {
    servers: urls.map(({ host }) => host),
    ...(authenticator ? { authenticator } : {}),
    ...(user ? { user } : {}),
    ...(user && pass ? { pass } : {}),
    ...(token ? { token } : {}),
    ...(is_encrypted ? { tls: { ...(ca ? { ca } : {}), ...(cert ? { cert } : {}), ...(key ? { key } : {}) } } : {}),
  };
}

/** Without what is secret in it. */
export function shown_url(url: string): string {
  return url.replace(/\/\/[^@/,]*@/g, '//');
}

function parse_url(text: string): URL {
  const whole = text.includes('://') ? text : `nats://${text}`;
  const url = URL.canParse(whole) ? new URL(whole) : undefined;
  if (!url || !['nats:', 'tls:'].includes(url.protocol) || url.hostname === '')
    throw new UserError(`"${shown_url(text)}" is no address of NATS.\nWrite nats://HOST:4222, or tls://HOST:4222.`);
  return url;
}

function is_loopback(hostname: string): boolean {
  const bare = hostname.replace(/^\[|\]$/g, '');
  return bare === 'localhost' || bare === '::1' || (isIP(bare) === 4 && bare.startsWith('127.'));
}

function read(path: string, option: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UserError(`${option} ${path} cannot be read: ${(error as Error).message}.`);
  }
}

const bytes = (text: string) => new TextEncoder().encode(text);

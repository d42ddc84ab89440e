// Who may connect to NATS, and what is said where it fails. The parts that need a server are skipped without one.

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/model/user_error.ts';
import { connection_settings, shown_url } from '../../src/node/engine/nats/access.ts';
import { connect_nats } from '../../src/node/engine/nats/engine.ts';
import { start_nats, without_nats } from './nats_server.ts';

const folder = mkdtempSync(join(tmpdir(), 'langevin-access-'));
const file = (name: string, text: string) => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

describe('a connection beyond this machine', () => {
  it.each([
    ['nats://host:4222', {}, {}, 'no credentials and encryption'],
    ['tls://host:4222', {}, {}, 'no credentials'],
    ['nats://me:secret@10.0.0.1', {}, {}, 'no encryption'],
    ['nats://host', { user: 'me' }, {}, 'no credentials and encryption'],
    ['nats://localhost:4222,nats://other:4222', {}, {}, 'to other leaves'],
    ['nats://127.evil.example', {}, {}, 'leaves this machine'],
  ])('%s %o is refused', (url, more, environment, expected) => {
    expect(() => connection_settings({ url, ...more }, environment)).toThrow(expected);
  });

  it.each([
    ['tls://me:secret@host:4222', {}, {}, { user: 'me', pass: 'secret', tls: {} }],
    ['tls://host', { user: 'me' }, { NATS_PASSWORD: 'secret' }, { user: 'me', pass: 'secret', tls: {} }],
    ['tls://host', {}, { NATS_TOKEN: 't' }, { token: 't', tls: {} }],
    ['nats://host', { ca: file('ca.pem', 'CA') }, { NATS_TOKEN: 't' }, { token: 't', tls: { ca: 'CA' } }],
  ])('%s %o with %o is made', (url, more, environment, expected) => {
    expect(connection_settings({ url, ...more }, environment)).toMatchObject(expected);
  });
});

it.each(['nats://localhost:4222', '127.0.0.1', 'nats://[::1]:4222', 'localhost:4222,127.0.0.2:4222'])(
  '%s stays on this machine and needs nothing',
  (url) => {
    expect(connection_settings({ url }, {}).tls).toBeUndefined();
  },
);

it.each([
  ['http://localhost', 'is no address of NATS'],
  ['nats://', 'is no address of NATS'],
])('%s: %s', (url, expected) => {
  expect(() => connection_settings({ url }, {})).toThrow(expected);
});

it('a file of credentials that is not there is named', () => {
  expect(() => connection_settings({ url: 'localhost', creds: join(folder, 'none') }, {})).toThrow('--nats-creds');
});

it('a password is not shown', () => {
  expect(shown_url('tls://me:secret@host:1,tls://me:secret@other')).toBe('tls://host:1,tls://other');
});

const said = async (options: Parameters<typeof connect_nats>[0]) => {
  const error = await connect_nats(options).then(
    () => undefined,
    (thrown) => thrown,
  );
  expect(error).toBeInstanceOf(UserError);
  return error.message as string;
};

it('a wrong address is one clear error', async () => {
  expect(await said({ url: 'nats://127.0.0.1:9' })).toMatch(/no connection to NATS at nats:\/\/127.0.0.1:9/);
});

describe.skipIf(without_nats)('a server', () => {
  const users = file(
    'users.conf',
    `authorization { users = [
      { user: good, password: pass },
      { user: weak, password: pass, permissions: { publish: ["langevin.>"], subscribe: ["_INBOX.>"] } }
    ] }`,
  );

  it('takes a user and its password, and says when they are wrong or may not do what is needed', async () => {
    const server = await start_nats(['-c', users]);
    try {
      const engine = await connect_nats({ url: server.url.replace('//', '//good:pass@') });
      expect(await engine.store.put('x', new Uint8Array([1]), 0)).toBeGreaterThan(0);
      await engine.close();
      expect(await said({ url: server.url })).toContain('refuses these credentials');
      expect(await said({ url: server.url.replace('//', '//good:wrong@') })).toContain('refuses these credentials');
      expect(await said({ url: server.url.replace('//', '//weak:pass@') })).toContain('does not allow');
    } finally {
      await server.end();
    }
  });

  it('without JetStream is told how to start', async () => {
    const server = await start_nats([], { jetstream: false });
    try {
      const message = await said({ url: server.url });
      expect(message).toContain('without JetStream');
    } finally {
      await server.end();
    }
  });
});

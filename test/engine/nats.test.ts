import { afterAll, beforeAll, describe } from 'vitest';
import { connect_nats } from '../../src/node/engine/nats/engine.ts';
import { conforms } from './conformance.ts';
import { type NatsServer, start_nats, without_nats } from './nats_server.ts';
import { survives } from './outages.ts';

const hold = 600;
let server: NatsServer;

describe.skipIf(without_nats)('NATS', () => {
  beforeAll(async () => {
    server = await start_nats();
  });
  afterAll(() => server.end());

  conforms(() => connect_nats({ url: server.url, hold }), hold);
});

describe.skipIf(without_nats)('NATS, its server killed', () => {
  survives(start_nats, (server) => connect_nats({ url: server.url }));
});

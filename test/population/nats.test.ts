import { describe } from 'vitest';
import { connect_nats } from '../../src/node/engine/nats/engine.ts';
import { start_nats, without_nats } from '../engine/nats_server.ts';
import { bears_disturbances } from './disturbances.ts';

describe.skipIf(without_nats)('a population over NATS', () => {
  bears_disturbances(async () => {
    const server = await start_nats();
    const { url } = server;
    return { ...server, join: ['--nats', url], connect: () => connect_nats({ url, hold: 3000 }) };
  });
});

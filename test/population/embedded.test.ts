import { describe } from 'vitest';
import { connect_embedded } from '../../src/node/engine/embedded/client.ts';
import { start_broker_process } from '../engine/broker_server.ts';
import { bears_disturbances } from './disturbances.ts';

describe('a population over the embedded engine', () => {
  bears_disturbances(async () => {
    const server = await start_broker_process();
    const { folder } = server;
    return { ...server, join: ['--folder', folder], connect: async () => connect_embedded({ folder }) };
  });
});

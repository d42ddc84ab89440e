import { afterAll, describe } from 'vitest';
import { connect_port, serve_port, start_port_broker } from '../../src/engine/ports.ts';
import { conforms } from './conformance.ts';

const hold = 600;

describe('between threads', () => {
  const broker = start_port_broker();
  afterAll(() => broker.close());
  conforms(async () => {
    const { port1, port2 } = new MessageChannel();
    serve_port(broker, port1);
    return connect_port(port2, { hold });
  }, hold);
});

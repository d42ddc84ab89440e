/** The engine between threads of one program: a broker in the memory of one of them, and a message port to each of the others. What it holds is gone with its thread. */

import { create_book } from './broker/book.ts';
import { type Broker, create_broker } from './broker/broker.ts';
import { type ClientOptions, create_client } from './broker/client.ts';
import type { Request, Word } from './broker/words.ts';
import type { Engine } from './types.ts';

export function start_port_broker(): Broker {
  const book = create_book();
  return create_broker(book, (record) => book.apply(record, performance.now()));
}

/** Answers what comes over the port, until its other end is closed or says that it leaves. */
export function serve_port(broker: Broker, port: MessagePort): void {
  let is_open = true;
  const { hear, forget } = broker.welcome({
    send(word) {
      if (is_open) port.postMessage(word);
    },
    get is_open() {
      return is_open;
    },
  });
  port.onmessage = ({ data }: MessageEvent<Request | 'leave'>) => {
    if (data !== 'leave') return hear(data);
    is_open = false;
    forget();
    port.close();
  };
}

/** @param port whose other end a broker serves */
export function connect_port(port: MessagePort, { hold }: Pick<ClientOptions, 'hold'> = {}): Engine {
  let closed = false;
  const line = {
    send: (request: Request) => port.postMessage(own_bytes(request)),
  };
  const client = create_client({
    async line() {
      if (closed) throw new Error('the engine is closed');
      return line;
    },
    ...(hold === undefined ? {} : { hold }),
  });
  port.onmessage = ({ data }: MessageEvent<Word>) => client.hear(line, data);
  return {
    ...client.engine,
    async close() {
      if (closed) return;
      closed = true;
      port.postMessage('leave');
      client.break(new Error('the engine is closed'));
      port.close();
    },
  };
}

/** A port copies the whole buffer of a view, and the broker would keep it. */
const own_bytes = (request: Request): Request =>
  'value' in request && request.value.byteLength < request.value.buffer.byteLength
    ? { ...request, value: request.value.slice() }
    : request;

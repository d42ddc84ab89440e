// The embedded broker as a process that tests can kill. The argument is its folder.

import { start_broker } from '../../src/node/engine/embedded/broker.ts';

process.on('SIGTERM', () => process.exit(0));
start_broker(process.argv[2] as string).then(
  () => process.stdout.write('serving\n'),
  (error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  },
);

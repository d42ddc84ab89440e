/** How long the host waits for bytes from the device, by how many they are. */

import { measure, repeats } from '../measure.ts';
import type { Subject } from '../subject.ts';

export const read_back: Subject = {
  name: 'read_back',
  what: 'time to read 4 bytes … 64 MiB back to the host',
  async run({ device, quick, report }) {
    const largest = quick ? 2 ** 20 : 2 ** 26;
    for (let bytes = 4; bytes <= largest; bytes *= 16) {
      const buffer = device.buffers.take('langevin.bench.read_back', bytes);
      const measured = await measure(device, repeats(quick), async () => {
        await device.read(buffer, bytes);
      });
      device.buffers.give(buffer);
      report({
        label: 'read back',
        sizes: { bytes },
        work: { count: bytes, unit: 'B' },
        wall: measured.wall,
        rate: bytes / (measured.wall.median / 1000),
        peers: [],
      });
    }
  },
};

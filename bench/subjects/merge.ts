/** The learned merge by time: training of all shards' networks, annealing, and a whole merge; training beside the same in PyTorch and JAX. How right merges are is shown by `merge_toy` and its like. */

import { show_speed } from '../merge/speed.ts';
import type { Subject } from '../subject.ts';

export const merge: Subject = {
  name: 'merge',
  what: 'the learned merge of 15 shards by time: updates of networks of 32 units, levels of particles, the whole',
  run: show_speed,
};

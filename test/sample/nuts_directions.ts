/** The directions in which the shaders grow a tree: counter (trajectory | iteration, chain << (levels + 1) | depth). */

import { site, type Words, words_at } from '../../src/random/threefry.ts';
import { levels } from './chains.ts';

export const goes_forward = (key: Words, iteration: number, chain: number, depth: number) =>
  words_at(key, site.trajectory, iteration, (chain << (levels + 1)) | depth)[0] >= 0x80000000;

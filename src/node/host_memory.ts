/** The memory of this program that kept draws take, held against what there is, before hours are spent on draws that would not fit. */

import { freemem } from 'node:os';
import { format_significant } from '../data/format_number.ts';
import type { BufferPlan } from '../gpu/buffer_plan.ts';
import { UserError } from '../model/user_error.ts';

export interface HostMemory {
  plans: readonly BufferPlan[];
  /** Bytes that there are. */
  free: number;
}

/** What the machine has free; inside a container with a limit, what that leaves. */
export function free_memory(): number {
  // 0, or more than any machine has, where there is no limit.
  const limit = process.constrainedMemory();
  const left = limit > 0 && limit < 2 ** 50 ? limit - process.memoryUsage.rss() : Number.POSITIVE_INFINITY;
  return Math.max(0, Math.min(freemem(), left));
}

/** One message where it does not fit, none where it does. */
export function host_shortage({ plans, free }: HostMemory): string[] {
  const bytes = plans.reduce((total, plan) => total + plan.bytes, 0);
  if (bytes <= free) return [];
  return [
    `The draws to keep take up to ${gibibytes(bytes)} of memory here, and ${gibibytes(free)} are free.\nKeep one of several with --keep every:K, only means and variances with --keep moments, or use fewer --draws or --chains.`,
  ];
}

export function refuse_shortage(host: HostMemory) {
  const [message] = host_shortage(host);
  if (message !== undefined) throw new UserError(message);
}

const gibibytes = (bytes: number) => `${format_significant(bytes / 2 ** 30, 3)} GiB`;

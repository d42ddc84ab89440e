/**
 * GPU time of compute passes, by timestamp queries at the beginning and the end of each.
 *
 * The values are implementation-defined and may go backwards (WebGPU §timestamp): such a pass is dropped and counted, not guessed. Browsers round them to
 * 100 µs, so a body that is timed in a page should take many times that; src/node/dawn.ts turns the rounding off. Copies are no passes and are not in the sum.
 */

export interface GpuTime {
  /** Sum over passes of end − beginning, in milliseconds. Passes that run at the same time count each in full. */
  gpu_ms: number;
  /** Passes in the sum. */
  passes: number;
  /** Passes left out because their end lies before their beginning. */
  dropped: number;
}

export interface PassTimer {
  /** For the descriptor of the pass that begins next. All passes before it must have been submitted. */
  next(): { timestampWrites: GPUComputePassTimestampWrites };
  /** Waits for the passes and adds them up. The timer is used up. */
  end(): Promise<GpuTime>;
  destroy(): void;
}

/** What WebGPU allows in one set. A longer body empties the set and goes on. */
const most_queries = 4096;

/** @param gpu a device with the feature `timestamp-query` */
export function create_pass_timer(gpu: GPUDevice): PassTimer {
  const label = 'langevin.gpu.timing';
  const bytes = most_queries * BigUint64Array.BYTES_PER_ELEMENT;
  const set = gpu.createQuerySet({ label, type: 'timestamp', count: most_queries });
  const resolved = gpu.createBuffer({
    label,
    size: bytes,
    usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC,
  });
  const parts: { staging: GPUBuffer; bytes: number }[] = [];
  let used = 0;

  const empty = () => {
    const part = {
      staging: gpu.createBuffer({ label, size: bytes, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST }),
      bytes: used * BigUint64Array.BYTES_PER_ELEMENT,
    };
    const encoder = gpu.createCommandEncoder({ label });
    encoder.resolveQuerySet(set, 0, used, resolved, 0);
    encoder.copyBufferToBuffer(resolved, 0, part.staging, 0, part.bytes);
    gpu.queue.submit([encoder.finish()]);
    parts.push(part);
    used = 0;
  };

  return {
    next() {
      if (used === most_queries) empty();
      const timestampWrites = { querySet: set, beginningOfPassWriteIndex: used, endOfPassWriteIndex: used + 1 };
      used += 2;
      return { timestampWrites };
    },
    async end() {
      if (used > 0) empty();
      const sum: GpuTime = { gpu_ms: 0, passes: 0, dropped: 0 };
      for (const part of parts) {
        await part.staging.mapAsync(GPUMapMode.READ, 0, part.bytes);
        add_passes(sum, new BigUint64Array(part.staging.getMappedRange(0, part.bytes)));
      }
      return sum;
    },
    destroy() {
      set.destroy();
      for (const buffer of [resolved, ...parts.map((part) => part.staging)]) buffer.destroy();
    },
  };
}

/** Adds passes to a sum. `stamps`: beginning and end of each pass in nanoseconds, one after the other. */
export function add_passes(sum: GpuTime, stamps: BigUint64Array): void {
  for (let i = 0; i + 1 < stamps.length; i += 2) {
    const nanoseconds = Number((stamps[i + 1] as bigint) - (stamps[i] as bigint));
    if (nanoseconds < 0) {
      sum.dropped++;
    } else {
      sum.gpu_ms += nanoseconds / 1e6;
      sum.passes++;
    }
  }
}

/** The device of the page: opened when a run asks for it, and anew for the run after it was lost. */

import type { Device } from '../../gpu/device.ts';
import { open_page_device } from '../device.ts';

export interface KeptDevice {
  /** Who asks while it is being opened gets the same one. Rejects where there is none, and tries anew the next time. */
  get(): Promise<Device>;
}

interface Listener {
  /** Of every one; absent while another is looked for. */
  has(device: Device | undefined): void;
  /** The one that was given is gone. `get` is for those who use it no more: it frees what is left of it. */
  lost(error: Error): void;
}

export function keep_device({ has, lost }: Listener): KeptDevice {
  let held: Promise<Device> | undefined;
  let last: Device | undefined;
  const open = async () => {
    last?.destroy();
    last = undefined;
    has(undefined);
    let is_given = false;
    const device = await open_page_device((error) => {
      // Before that, who asked hears of it.
      if (!is_given) return;
      held = undefined;
      lost(error);
    });
    is_given = true;
    last = device;
    has(device);
    return device;
  };
  return {
    get() {
      held ??= open().catch((error: unknown) => {
        held = undefined;
        throw error;
      });
      return held;
    },
  };
}

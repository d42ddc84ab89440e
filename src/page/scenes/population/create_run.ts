/** A population with a broker of its own on the page. */

import type { Broker } from '../../../engine/broker/broker.ts';
import { connect_port, serve_port } from '../../../engine/ports.ts';
import type { LogDensityModel } from '../../../model/types.ts';
import { take_lead } from '../../../population/lead.ts';
import { begin_run } from '../../../population/run.ts';
import type { PopulationSpec } from '../../../population/spec.ts';
import type { ScenePlace } from '../../shell/scene.ts';
import { create_feed } from './feed.ts';
import { create_panel } from './panel.ts';
import type { PopulationTarget } from './targets.ts';

interface RunOptions {
  spec: PopulationSpec;
  model: LogDensityModel;
  target: PopulationTarget;
  payload: Uint8Array;
  /** Has what the ranks stored so far, where the run is gone on with. */
  broker: Broker;
}

/** Its ranks are still to come. */
export async function create_run(
  { device, changed }: ScenePlace,
  { spec, model, target, payload, broker }: RunOptions,
) {
  const { port1, port2 } = new MessageChannel();
  serve_port(broker, port1);
  const engine = connect_port(port2);
  const panel = await create_panel({ device, model, target, spec, changed });
  await begin_run(engine, spec, payload);
  const lead = await take_lead(engine, spec.id, 'page');
  const shown = target.shown as readonly [number, number];
  const feed = await create_feed({ engine, spec, model, shown, listener: panel });
  panel.follow(feed);
  return {
    ...{ spec, broker, engine, panel, lead, feed },
    async end() {
      feed.end();
      await lead.release().catch(() => {});
      await engine.close();
      broker.close();
    },
  };
}

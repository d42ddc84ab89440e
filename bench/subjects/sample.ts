/**
 * Samplers of the HMC family on a logistic regression of 1000 rows and 25 coefficients: what a gradient and a second are worth in effective draws of θ and of θ², against published figures, fixed lengths, lock-step and other tools.
 */

import { type Adapted, run_all_adapted } from '../sample/adapted.ts';
import { run_at_published_step } from '../sample/at_published_step.ts';
import { with_frozen } from '../sample/frozen.ts';
import { show_lock_step } from '../sample/lock_step.ts';
import { show_resonance } from '../sample/resonance.ts';
import { settings } from '../sample/run.ts';
import { sizes_for } from '../sample/sizes.ts';
import { show_speed } from '../sample/speed.ts';
import { sample_target } from '../sample/target.ts';
import type { Subject } from '../subject.ts';

export const sample: Subject = {
  name: 'sample',
  what: 'HMC, NUTS, eHMC and ChEES on German credit A: ESS of θ and θ² per gradient and per second',
  async run(context) {
    const target = sample_target(context.german_credit);
    if (!target.is_published) {
      context.skip(
        'German credit A, and what is published of it',
        'its rows are not here; simulated ones of the same size are',
      );
    }
    const sizes = sizes_for(context);
    const adapted: Adapted[] = [];
    for (const setting of settings) {
      const found = await run_all_adapted(context, target, setting, sizes);
      adapted.push(found);
      const work = {
        target,
        setting,
        chains: sizes.adapted.chains,
        draws: sizes.frozen_draws,
        from_draws: found.draws,
      };
      await with_frozen(context.device, work, async (frozen) => {
        await run_at_published_step(context, target, setting, frozen, sizes.frozen_draws);
        if (setting.metric === 'unit') await show_resonance(context, target, frozen, sizes.frozen_draws);
        await show_lock_step(context, `${target.name}, ${setting.metric} metric`, frozen, {
          step: found.step,
          lengths: found.lengths,
          draws: sizes.lock_step_draws,
        });
      });
    }
    await show_speed(context, target, adapted, sizes);
  },
};

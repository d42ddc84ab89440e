/** A training as it was a moment ago: what a run goes on from when the device was lost. It comes to the same numbers (`fit_sde` resumes bit for bit). */

import { type CurvePoint, curve_points } from '../../../sde/learned/curve.ts';
import type { Training } from '../../../sde/onlooker.ts';
import { pack_state } from '../../../sde/state.ts';

export interface KeptTraining {
  steps: number;
  /** As fit_sde resumes from them. */
  numbers: Float32Array<ArrayBuffer>;
  /** By network. */
  curves: CurvePoint[][];
}

/** @param before from which this training went on */
export async function keep_training(training: Training, before: KeptTraining | undefined): Promise<KeptTraining> {
  const { steps, layout, trainer } = training;
  const curves = training.curve.map((_, net) => whole_curve(training, before, net));
  return { steps, numbers: pack_state(layout, await trainer.read_state()), curves };
}

/** Of a network, what came before included. */
export const whole_curve = (
  { curve, settings }: Pick<Training, 'curve' | 'settings'>,
  before: KeptTraining | undefined,
  net: number,
): CurvePoint[] => curve_points(before?.curves[net] ?? [], curve[net] ?? [], settings.schedule.steps);

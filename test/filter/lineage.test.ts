// Acceptance: what is told of a genealogy is what the filter did. States are copied and indices are integers, so equality throughout.

import { describe, expect, it } from 'vitest';
import { ancestor_links, filter_lineage, type Lineage } from '../../src/filter/lineage.ts';
import { trace_filters } from '../../src/filter/trace.ts';
import { validate_model } from '../../src/model/validate.ts';
import { use_device } from '../device.ts';
import { observations } from './data.ts';
import { linear, ring } from './models.ts';
import { keys_for, pack_thetas, run_bank, spread_thetas } from './run_bank.ts';

const device = use_device();
const steps = 40;
const particles = 101;
const key = (n: number) => Uint32Array.from(keys_for(n + 1)[n] as readonly [number, number]);

/** Every particle remembers what its parent was: `parents_own` is the parent's `own`, a normal that no other has. */
const marked = validate_model({
  kind: 'state-space',
  name: 'marked',
  parameters: { sigma: { prior: { half_normal: [1] } } },
  state: ['own', 'parents_own'],
  noise: 1,
  observation: ['y'],
  wgsl: `
    fn initial(theta: Theta, noise: Noise) -> State { return State(noise[0], 0.0); }
    fn transition(x: State, theta: Theta, noise: Noise, t: f32) -> State { return State(noise[0], x.own); }
    fn log_observation(y: Observation, x: State, theta: Theta, t: f32) -> f32 { return normal_log_density(y.y, x.own, theta.sigma); }`,
});
const marked_y = { y: Float64Array.from({ length: steps }, (_, t) => Math.sin(t)) };

const every_part = (lineage: Lineage, components: number) =>
  Array.from({ length: steps + 1 }, (_, t) => [
    lineage.parents(t),
    ...Array.from({ length: components }, (_, i) => lineage.states(t, i)),
  ]);

describe.each(['lane', 'workgroup'] as const)('the genealogy in the shape %s', (shape) => {
  it('names the particle that each one comes from', async () => {
    const theta = Float32Array.of(0.4);
    const lineage = await filter_lineage(device(), {
      model: marked,
      data: marked_y,
      particles,
      shape,
      theta,
      key: key(0),
    });
    let resampled = 0;
    for (let t = 1; t <= steps; t++) {
      const [parents, own] = [lineage.parents(t), lineage.states(t - 1, 0)];
      expect(lineage.states(t, 1)).toEqual(Float32Array.from(parents, (parent) => own[parent] as number));
      expect(new Set(own).size).toBe(particles);
      resampled += Number(parents.some((parent, child) => parent !== child));
    }
    const bank = await run_bank(
      device(),
      { model: marked, data: marked_y, particles, shape, gradient: false },
      [[0.4].map(Math.fround)],
      keys_for(1),
    );
    expect(resampled).toBe(bank.resampled[0]);
    expect(resampled).toBeGreaterThan(3);
  });

  it('is that of the filter which a bank runs with the same theta and key', async () => {
    const { model, theta } = ring;
    const data = observations(model, steps, [2, 9]);
    const filters = 5;
    const thetas = spread_thetas(theta, filters);
    const trace = await trace_filters(device(), {
      ...{ model, data, particles, shape, filters, gradient: false, draws: 3, forecast: 0, counts: [] },
      ...{ theta: pack_thetas(thetas), keys: Uint32Array.from(keys_for(filters).flat()) },
    });
    const lineage = await filter_lineage(device(), {
      ...{ model, data, particles, shape, theta: Float32Array.from(thetas[3] as number[]), key: key(3) },
    });
    for (let t = 0; t <= steps; t++) {
      // A draw is one particle, all components of it.
      const draws = Array.from({ length: 3 }, (_, d) =>
        Array.from({ length: model.state_size }, (_, i) => trace.state_draws(t, i)[3 * 3 + d] as number),
      );
      for (const draw of draws) {
        const found = Array.from({ length: particles }, (_, j) => j).some((j) =>
          draw.every((value, i) => Object.is(lineage.states(t, i)[j], value)),
        );
        expect(found, `step ${t}, draw ${draw}`).toBe(true);
      }
    }
  });
});

it('is the same in both shapes', async () => {
  const { model, theta } = linear;
  const options = { model, data: observations(model, steps, [2, 9]), particles, key: key(0) };
  const [lane, workgroup] = await Promise.all(
    (['lane', 'workgroup'] as const).map((shape) =>
      filter_lineage(device(), { ...options, shape, theta: Float32Array.from(theta) }),
    ),
  );
  expect(every_part(lane as Lineage, 1)).toEqual(every_part(workgroup as Lineage, 1));
});

it('has lines that end in the particles that are asked for, join going back and never part', () => {
  const parents = [[], [0, 0, 1, 3], [1, 2, 2, 2], [0, 0, 0, 3]].map((of) => Uint32Array.from(of));
  const lineage: Lineage = {
    steps: 3,
    particles: 4,
    parents: (t) => parents[t] as Uint32Array,
    states: () => new Float32Array(4),
  };
  expect(ancestor_links(lineage, [0, 1, 2, 3])).toEqual([
    ...[0, 1, 2].map((child) => ({ t: 3, parent: 0, child, heirs: 1 })),
    { t: 3, parent: 3, child: 3, heirs: 1 },
    { t: 2, parent: 1, child: 0, heirs: 3 },
    { t: 2, parent: 2, child: 3, heirs: 1 },
    { t: 1, parent: 0, child: 1, heirs: 3 },
    { t: 1, parent: 1, child: 2, heirs: 1 },
  ]);
  expect(ancestor_links(lineage, [1])).toEqual([
    { t: 3, parent: 0, child: 1, heirs: 1 },
    { t: 2, parent: 1, child: 0, heirs: 1 },
    { t: 1, parent: 0, child: 1, heirs: 1 },
  ]);
});

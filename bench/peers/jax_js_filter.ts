/**
 * The comparison's particle filter in @jax-js/jax on WebGPU: the same adapter as ours, opened by jax-js itself through Dawn. Started by peers.ts with a folder.
 *
 * The pieces of a time step are jitted; the loop over time is JavaScript's, because jax-js has no scan. The gradient is reverse mode: vjp of each piece, chained backward over the steps by hand, so that
 * the integers of resampling stay out of what is differentiated. (One vjp through everything ends with "bitwise operations require integer or boolean inputs, got float32" in 0.1.25, whose
 * derivative of an integer remainder returns its arguments in the remainder's place.)
 */

import { blockUntilReady, defaultDevice, init, jit, numpy as np, tree, vjp } from '@jax-js/jax';
import { dawn_gpu, jax_js_version } from './jax_js_adapter.ts';
import { type JaxJsModel, lgssm, sir } from './jax_js_models.ts';
import { decide_of } from './jax_js_resampling.ts';
import { type Cloud, inherit_of, type Row, type Weighed, weigh_of } from './jax_js_steps.ts';
import { read_request, write_answer } from './problem_files.ts';
import type { FilterProblem, FilterValues } from './types.ts';

interface Answer {
  /** [filters] */
  values: np.Array;
  /** [D][filters] */
  gradient?: np.Array;
}

/** A problem with its arrays on the device. */
class OpenProblem {
  readonly problem: FilterProblem;
  readonly model: JaxJsModel;
  readonly theta: np.Array;
  readonly rows: Row[];
  readonly bits: np.Array[];

  constructor(problem: FilterProblem) {
    const { filters, particles, steps, theta, noise, uniforms } = problem;
    this.problem = problem;
    this.model = problem.model === 'lgssm' ? lgssm(problem) : sir(problem);
    this.theta = np.array(theta).reshape([theta.length / filters, filters]);
    const width = noise.length / ((steps + 1) * particles);
    const normals = (t: number, k: number) =>
      Float32Array.from({ length: particles }, (_, j) => noise[(t * particles + j) * width + k] as number);
    this.rows = Array.from({ length: steps + 1 }, (_, t) => ({
      noise: Array.from({ length: width }, (_, k) => np.array(normals(t, k)).reshape([1, particles])),
      seen: t === 0 ? [] : this.model.seen(t).map((value) => np.array(Float32Array.of(value))),
    }));
    this.bits = Array.from({ length: steps + 1 }, (_, t) =>
      np.array(uniforms.slice(t * filters, (t + 1) * filters), { dtype: np.uint32 }).reshape([filters, 1]),
    );
  }

  start(): Cloud {
    const { filters, particles } = this.problem;
    return {
      state: this.model.initial(tree.ref((this.rows[0] as Row).noise)),
      kept: np.zeros([filters, particles]),
      base: np.full([filters, 1], Math.log(particles)),
    };
  }

  row = (t: number): Row => tree.ref(this.rows[t] as Row);

  bits_at = (t: number): np.Array => (this.bits[t] as np.Array).ref;
}

/** Returns what evaluates the log-likelihoods. */
function value_of(open: OpenProblem) {
  const { problem, model } = open;
  const [weigh, decide, inherit] = [weigh_of(model), decide_of(problem), inherit_of(problem)];
  return async (): Promise<Answer> => {
    const prepared = model.prepare(open.theta.ref);
    let cloud = open.start();
    let total = np.zeros([problem.filters, 1]);
    for (let t = 1; t <= problem.steps; t++) {
      const [weighed, gained] = weigh(tree.ref(prepared), cloud, open.row(t)) as [Weighed, np.Array];
      total = total.add(gained);
      if (t === problem.steps) tree.dispose(weighed);
      else {
        const [resample, parents] = decide(weighed.relative.ref, open.bits_at(t + 1));
        cloud = inherit(weighed, resample, parents) as Cloud;
      }
    }
    tree.dispose(prepared);
    return { values: await total.reshape([problem.filters]).blockUntilReady() };
  };
}

/** Returns what evaluates the log-likelihoods and their gradients. */
function value_and_gradient_of(open: OpenProblem) {
  const { problem, model } = open;
  const { filters, steps } = problem;
  const carried = problem.gradient === 'carried';
  const [weigh, decide, inherit] = [weigh_of(model), decide_of(problem), inherit_of(problem)];
  const prepare = jit(model.prepare); // vjp of the plain function ends with "Invalid atom type: undefined" in 0.1.25, where an output is also used for another

  const weigh_at = (t: number, prepared: np.Array[], cloud: Cloud) =>
    vjp((p: np.Array[], c: Cloud) => weigh(p, c, open.row(t)) as [Weighed, np.Array], [tree.ref(prepared), cloud]);
  const inherit_at = (weighed: Weighed, resample: np.Array, parents: np.Array) =>
    vjp((w: Weighed) => inherit(w, resample.ref, parents.ref) as Cloud, [weighed]);

  return async (): Promise<Answer> => {
    const [prepared, back_to_theta] = vjp((theta: np.Array) => prepare(theta) as np.Array[], [open.theta.ref]);
    const tape: { moved: ReturnType<typeof weigh_at>[1]; inherited?: ReturnType<typeof inherit_at>[1] }[] = [];
    let cloud = open.start();
    let total = np.zeros([filters, 1]);
    let after: Weighed | undefined;
    for (let t = 1; t <= steps; t++) {
      const [[weighed, gained], moved] = weigh_at(t, prepared, cloud);
      total = total.add(gained);
      if (t === steps) {
        after = last_cotangent(weighed);
        tape.push({ moved });
      } else {
        const [resample, parents] = decide(weighed.relative.ref, open.bits_at(t + 1)) as [np.Array, np.Array];
        const [next, inherited] = inherit_at(weighed, resample, parents);
        tree.dispose([resample, parents]);
        tape.push({ moved, inherited });
        cloud = next;
      }
    }
    let of_prepared = prepared.map((x) => np.zerosLike(x));
    for (const { moved, inherited } of tape.reverse()) {
      if (inherited) {
        [after] = inherited(cloud) as [Weighed];
        inherited.dispose();
      }
      // Every increment counts for fixed-ancestor; the carried estimator differentiates the last normaliser alone.
      const of_gained = carried ? np.zeros([filters, 1]) : np.ones([filters, 1]);
      const [of_parameters, before] = moved([after as Weighed, of_gained]) as [np.Array[], Cloud];
      moved.dispose();
      of_prepared = of_prepared.map((sum, i) => sum.add(of_parameters[i] as np.Array));
      cloud = before;
    }
    tree.dispose(cloud);
    const [gradient] = back_to_theta(of_prepared) as [np.Array];
    back_to_theta.dispose();
    const values = total.reshape([filters]);
    await blockUntilReady([values, gradient]);
    return { values, gradient };
  };

  /** Derivative of the answer by what the last step leaves. Owns its argument. */
  function last_cotangent({ state, relative, log_sum }: Weighed): Weighed {
    log_sum.dispose();
    return {
      state: state.map((x) => np.zerosLike(x)),
      relative: np.zerosLike(relative),
      log_sum: carried ? np.ones([filters, 1]) : np.zeros([filters, 1]),
    };
  }
}

const evaluation_of = (problem: FilterProblem) =>
  (problem.gradient === 'none' ? value_of : value_and_gradient_of)(new OpenProblem(problem));

async function read({ values, gradient }: Answer): Promise<FilterValues> {
  const log_likelihood = (await values.data()) as Float32Array;
  return gradient ? { log_likelihood, gradient: (await gradient.data()) as Float32Array } : { log_likelihood };
}

async function main(folder: string): Promise<void> {
  const request = read_request(folder);
  const { gpu, name } = await dawn_gpu();
  Object.defineProperty(globalThis, 'navigator', { value: { gpu, userAgent: 'Node' }, configurable: true });
  if (!(await init('webgpu')).includes('webgpu')) throw new Error('jax-js opened no WebGPU adapter');
  defaultDevice('webgpu');
  const started = performance.now();
  const check = request.check ? await read(await evaluation_of(request.check)()) : undefined;
  const evaluate = evaluation_of(request.timed);
  const timed = await read(await evaluate());
  const preparation_seconds = (performance.now() - started) / 1000;
  const seconds: number[] = [];
  for (let i = 0; i < request.repeats; i++) {
    const from = performance.now();
    const answer = await evaluate();
    seconds.push((performance.now() - from) / 1000);
    answer.values.dispose();
    answer.gradient?.dispose();
  }
  const way = request.timed.gradient === 'none' ? '' : ', vjp chained over the steps';
  const facts = {
    version: jax_js_version(),
    device: `webgpu, ${name}`,
    seconds,
    preparation_seconds,
    note: `jitted pieces of a time step, loop in JavaScript${way}`,
  };
  write_answer(folder, facts, timed, check);
}

try {
  await main(process.argv[2] as string);
  process.exit(0); // Dawn would keep the process alive
} catch (error) {
  process.stderr.write(`${error}\n`, () => process.exit(1));
}

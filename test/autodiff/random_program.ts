/** Draws a WGSL function with everything the pass supports: types, helpers, control flow, assignments, built-ins in smooth domains. */

import fc from 'fast-check';

/** Draws a number in 0…max, as fast-check's `gen()` does. */
type Draw = (max: number) => number;

export const program_declarations =
  'struct State { a: f32, v: vec3f, list: array<f32, 3>, n: i32 }\nconst third = 1.0 / 3.0;';

/** The text of `fn f(x: State, p: f32, q: vec3f, c: f32) -> State` and its helpers. */
export function random_program(g: fc.GeneratorValue): string {
  const draw: Draw = (max) => g(fc.nat, { max });
  const writer = create_writer(draw);
  return `fn scalar_helper(a: f32, v: vec3f) -> f32 {
${writer.body({ scalar: ['a'], vector: ['v'], state: [], int: ['2'], assigned: [] }, 'scalar', 1)}
}
fn state_helper(x: State, s: f32) -> State {
${writer.body({ scalar: ['s'], vector: [], state: ['x'], int: ['x.n'], assigned: [] }, 'state', 1)}
}
fn f(x: State, p: f32, q: vec3f, c: f32) -> State {
${writer.body({ scalar: ['p', 'c'], vector: ['q'], state: ['x'], int: ['x.n'], assigned: [] }, 'state', 2)}
}`;
}

/** The same with `fn f(…) -> f32` that adds up terms and returns the sum, as log densities do. */
export function random_total(g: fc.GeneratorValue): string {
  const draw: Draw = (max) => g(fc.nat, { max });
  const writer = create_writer(draw);
  return `fn scalar_helper(a: f32, v: vec3f) -> f32 {
${writer.body({ scalar: ['a'], vector: ['v'], state: [], int: ['2'], assigned: [] }, 'scalar', 1)}
}
fn f(x: State, p: f32, q: vec3f, c: f32) -> f32 {
var lp = 0.0;
${writer.body({ scalar: ['p', 'c'], vector: ['q'], state: ['x'], int: ['x.n'], assigned: [] }, 'total', 2)}
}`;
}

type Result = 'scalar' | 'state' | 'total';

interface Names {
  scalar: string[];
  vector: string[];
  state: string[];
  int: string[];
  /** Left sides of scalar assignments. */
  assigned: string[];
}

function create_writer(draw: Draw) {
  const pick = <T>(list: readonly T[]): T => list[draw(list.length - 1)] as T;
  let count = 0;
  const name = () => `w${count++}`;
  /** Which helpers may be called: those written before. */
  let level = 0;

  function scalar(s: Names, depth: number): string {
    const leaf = () =>
      pick([
        () => (s.scalar.length ? pick(s.scalar) : '0.7'),
        () => (s.scalar.length ? pick(s.scalar) : '1.1'),
        () => `${draw(30) / 10 - 1.5}`.replace(/^-?\d+$/, '$&.0').replace(/^-.*/, '($&)'),
        () => (s.state.length ? pick([`${pick(s.state)}.a`, `${pick(s.state)}.list[${draw(2)}]`]) : 'third'),
        () => (s.vector.length ? `${pick(s.vector)}.${pick(['x', 'y', 'b'])}` : '2.0'),
      ])();
    if (depth <= 0) return leaf();
    const a = () => scalar(s, depth - 1);
    const v = () => vector(s, depth - 1);
    return pick([
      leaf,
      () => `(${a()} ${pick(['+', '-', '*'])} ${a()})`,
      () => `(${a()} ${pick(['+', '-', '*'])} ${a()})`,
      () => `${a()} / (1.5 + ${square(a())})`,
      () => `${pick(['sin', 'cos', 'tanh', 'atan', 'inverse_logit', 'sinh(0.3) * sin', '-abs'])}(${a()})`,
      () => `${pick(['sqrt', 'log', 'log2', 'inverseSqrt', 'log_gamma', 'log1p'])}(1.2 + ${square(a())})`,
      () => `exp(-${square(a())})`,
      () => `pow(1.1 + ${square(a())}, sin(${a()}))`,
      () => `atan2(${a()}, 1.0 + ${square(a())})`,
      () => `${pick(['min', 'max'])}(${a()}, ${a()})`,
      () => `clamp(${a()}, -0.5, 0.5 + ${square(a())})`,
      () => `select(${a()}, ${a()}, ${bool(s, depth - 1)})`,
      () => `mix(${a()}, ${a()}, ${a()})`,
      () => `fma(${a()}, ${a()}, ${a()})`,
      () => `smoothstep(-1.0, 2.0 + ${square(a())}, ${a()})`,
      () => `(${a()} % 1.7 + fract(${a()}) + saturate(${a()}))`,
      () => `normal_log_density(${a()}, ${a()}, 1.0 + ${square(a())})`,
      () => `dot(${v()}, ${v()})`,
      () => pick([() => `length(${v()})`, () => `distance(${v()}, ${v()})`])(),
      () => `(${v()})[${int(s)}]`,
      () => (s.state.length ? `${pick(s.state)}.list[${int(s)}]` : leaf()),
      () => (level > 0 ? `scalar_helper(${a()}, ${v()})` : leaf()),
      () => (level > 1 && s.state.length ? `state_helper(${state(s)}, ${a()}).list[1]` : leaf()),
      () => `f32(${int(s)}) * floor(${a()})`,
    ])();
  }

  function square(text: string): string {
    const bounded = `sin(${text})`;
    return `${bounded} * ${bounded}`;
  }

  function vector(s: Names, depth: number): string {
    const leaf = () =>
      s.vector.length + s.state.length === 0
        ? 'vec3f(0.3, 1, -0.4)'
        : pick([...s.vector, ...s.state.map((x) => `${x}.v`)]);
    if (depth <= 0) return leaf();
    const a = () => scalar(s, depth - 1);
    const v = () => vector(s, depth - 1);
    return pick([
      leaf,
      () => `vec3f(${a()}, ${a()}, ${a()})`,
      () => `vec3f(${a()})`,
      () => `vec3(${v()}.${pick(['xz', 'yy', 'gr'])}, ${a()})`,
      () => `(${v()} ${pick(['+', '-', '*'])} ${v()})`,
      () => `(${v()} * ${a()} - ${a()} / (vec3f(1.3) + abs(${v()})))`,
      () => `${v()}.${pick(['zxy', 'xxy', 'bgr'])}`,
      () => `${pick(['sin', 'tanh', '-cos'])}(${v()})`,
      () => `select(${v()}, ${v()}, ${bool(s, depth - 1)})`,
      () => `select(${v()}, ${v()}, ${v()} > ${v()})`,
      () => `${pick(['max', 'min'])}(${v()}, ${v()})`,
      () => `mix(${v()}, ${v()}, ${a()})`,
      () => `cross(${v()}, ${v()})`,
      () => `normalize(${v()} + vec3f(4.0, 5.0, 6.0))`,
    ])();
  }

  function state(s: Names): string {
    const x = pick(s.state);
    return pick([
      () => x,
      () => x,
      () => `State(${scalar(s, 1)}, ${vector(s, 1)}, array(${scalar(s, 1)}, 1.0, ${scalar(s, 0)}), ${int(s)})`,
      () => (level > 1 ? `state_helper(${x}, ${scalar(s, 1)})` : x),
    ])();
  }

  /** A result that depends on much of what was computed. */
  function final_state(s: Names): string {
    if (s.state.length > 1 && draw(2) === 0) return s.state.at(-1) as string;
    const last = () => pick(s.scalar.slice(-3));
    const total = `vec3f(${last()}, ${last()} * ${scalar(s, 2)}, ${last()}) + ${vector(s, 2)}`;
    return `State(${last()} * ${scalar(s, 2)}, ${total}, array(${last()}, ${scalar(s, 2)}, ${last()}), ${int(s)})`;
  }

  function returned(s: Names, result: Result): string {
    if (result === 'state') return state(s);
    return result === 'scalar' ? scalar(s, 2) : `lp ${pick(['+', '-'])} ${scalar(s, 1)}`;
  }

  /** An index that is in range: WGSL leaves what happens outside to the device. */
  function int(s: Names): string {
    return pick([
      () => `${draw(2)}`,
      () => `(${pick(s.int)} % 3)`,
      () => `i32(abs(sin(${scalar(s, 0)})) * 2.9)`,
      () => `i32(u32(${pick(s.int)} % 2))`,
    ])();
  }

  function bool(s: Names, depth: number): string {
    const one = () => `(${scalar(s, depth)} ${pick(['>', '>='])} ${scalar(s, depth)})`;
    return pick([one, one, () => `(${one()} ${pick(['&&', '||'])} !${one()})`])();
  }

  function statements(s: Names, depth: number, in_loop: boolean, result: Result): string {
    const inner: Names = {
      scalar: [...s.scalar],
      vector: [...s.vector],
      state: [...s.state],
      int: [...s.int],
      assigned: [...s.assigned],
    };
    return Array.from({ length: 1 + draw(3) }, () => statement(inner, depth, in_loop, result)).join('\n');
  }

  function statement(s: Names, depth: number, in_loop: boolean, result: Result): string {
    const nested = (loop = in_loop) => statements(s, depth - 1, loop, result);
    const declare = [
      () => {
        const [text, w] = [scalar(s, 2), name()];
        s.scalar.push(w);
        return `let ${w} = ${text};`;
      },
      () => {
        const [text, w] = [scalar(s, 2), name()];
        s.scalar.push(w);
        s.assigned.push(w);
        return pick([`var ${w} = ${text};`, `var ${w}: f32;`, `var ${w}: f32 = 1;`]);
      },
      () => {
        const [text, w] = [vector(s, 2), name()];
        s.vector.push(w);
        s.assigned.push(`${w}.y`, `${w}[2]`, `${w}[${int(s)}]`);
        return pick([`var ${w} = ${text};`, `var ${w}: vec3f;`]);
      },
      () => {
        if (s.state.length === 0) return '';
        const [text, w] = [state(s), name()];
        s.state.push(w);
        s.assigned.push(`${w}.a`, `${w}.v.z`, `${w}.list[1]`, `${w}.list[${int(s)}]`);
        return `var ${w} = ${text};`;
      },
    ];
    const assign = () => {
      if (s.assigned.length === 0) return pick(declare)();
      const lhs = pick(s.assigned);
      return pick([
        `${lhs} = ${scalar(s, 2)};`,
        `${lhs} ${pick(['+=', '-='])} ${scalar(s, 1)};`,
        `${lhs} *= sin(${scalar(s, 1)}) + 0.5;`,
        `${lhs} /= 1.5 + ${square(scalar(s, 1))};`,
        `${lhs} %= 2.3;`,
      ]);
    };
    const add = () => (result === 'total' ? `lp ${pick(['+=', '-='])} ${scalar(s, 2)};` : assign());
    if (depth <= 0) return pick([...declare, assign, add])();
    const w = name();
    const shadowed = s.scalar.filter((n) => /^w\d+$/.test(n));
    return pick([
      ...declare,
      assign,
      assign,
      add,
      () => `if ${bool(s, 1)} {\n${nested()}\n} else {\n${nested()}\n}`,
      () => `if (${bool(s, 1)}) {\n${nested()}\n} else if ${bool(s, 0)} {\n${nested()}\n}`,
      () => `if ${bool(s, 1)} {\nreturn ${returned(s, result)};\n}`,
      () => `for (var ${w} = 0; ${w} < ${1 + draw(2)}; ${w}++) {\n${with_int(s, w, () => nested(true))}\n}`,
      () =>
        `for (var ${w} = ${square(scalar(s, 1))}; ${w} < 2.0; ${w} += 0.4 + ${square(scalar(s, 0))}) {\n${nested(true)}\n}`,
      () => `var ${w} = 0;\nwhile (${w} < 2) {\n${w}++;\n${with_int(s, w, () => nested(true))}\n}`,
      () =>
        `var ${w} = 0;\nloop {\n${nested(true)}\ncontinuing {\n${w} += 1;\n${s.assigned.length ? assign() : ''}\nbreak if ${w} > 2;\n}\n}`,
      () => `switch ${int(s)} {\ncase 1: {\n${nested()}\n}\ndefault {\n${nested()}\n}\n}`,
      () => (shadowed.length ? shadow(s, pick(shadowed), nested) : assign()),
      () => (in_loop ? `if ${bool(s, 0)} { ${pick(['continue', 'break'])}; }` : assign()),
    ])();
  }

  function with_int(s: Names, w: string, body: () => string): string {
    s.int.push(w);
    const text = body();
    s.int.pop();
    return text;
  }

  /** A block that hides a scalar behind one computed from it. */
  function shadow(s: Names, hidden: string, nested: () => string): string {
    const text = `sin(${hidden}) + ${scalar(s, 1)}`;
    const kept = s.assigned;
    s.assigned = kept.filter((n) => n !== hidden);
    const block = `{\nlet ${hidden} = ${text};\n${nested()}\n}`;
    s.assigned = kept;
    return block;
  }

  return {
    body(s: Names, result: Result, depth: number): string {
      const text = Array.from({ length: 3 + draw(3) }, () => statement(s, depth, false, result)).join('\n');
      const value = result === 'state' ? final_state(s) : returned(s, result);
      level++;
      return `${text}\nreturn ${value};`;
    },
  };
}

import { differentiate } from './src/autodiff/differentiate.ts';
const source = `
import package::lib::log_gamma::log_gamma;
const k = 3;
fn rate(theta: Theta, v: vec3f) -> f32 { return exp(theta.a[1] * 2.0 - dot(v, v)); }
fn scaled(x: State, s: f32) -> State { return State(x.s * s, x.i * s, x.n); }
fn transition(x: State, theta: Theta, noise: Noise, t: f32) -> State {
  var y = x;
  var step = 0.1;
  let r = rate(theta, vec3f(x.s, 1, t));
  for (var f = theta.b; f > 0.5; f *= 0.5) {
    if (f > 3.0) { continue; }
    y.s += f * noise[0];
  }
  for (var i = 0; i < 3; i++) {
    let y = y.s * r;
    step += y * theta.a[i];
  }
  var v: vec3f;
  v.x = y.s; v[1] = sqrt(max(y.i, 0.0));
  v *= 2.0;
  var j = 2;
  v[j] /= r * step;
  let w = normalize(v) + cross(v, vec3f(1, 2, theta.b));
  if (t > 5.0) { return scaled(y, select(theta.b, r, r > 1.0)); }
  else if (t < 0) { return x; }
  switch (y.n) { case 1, 2: { y.i = w.x; } default: { y.i = pow(w.y, 2.0) + log_gamma(w.zy.x); } }
  loop { y.i -= 0.5 * y.i; continuing { step = clamp(step * 0.5, 0.01, theta.b); break if (step < 0.1); } }
  return y;
}
fn log_observation(y: Observation, x: State, theta: Theta, t: f32) -> f32 {
  return negative_binomial_log_density(y.cases, x.i * theta.b, theta.a[0]);
}
`;
const declarations = `struct Theta { a: array<f32, 2>, b: f32 }
struct State { s: f32, i: f32, n: i32 }
struct Observation { cases: f32 }
alias Noise = array<f32, 2>;
`;
const r = differentiate({ source, declarations, width: Number(process.argv[2] ?? 3), entries: [{ name: 'transition', active: [true, true, false, false] }, { name: 'log_observation', active: [false, true, true, false] }] });
console.log(r.wgsl);

// x ~ N(1, 2²), y given x ~ N(x, 1).

export default {
  kind: 'log-density',
  name: 'pair',
  parameters: { x: { prior: { flat: true } }, y: { prior: { flat: true } } },
  wgsl: `fn log_density(theta: Theta) -> f32 {
    let a = (theta.x - 1.0) / 2.0;
    let b = theta.y - theta.x;
    return -0.5 * (a * a + b * b);
  }`,
};

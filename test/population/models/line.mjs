// y = a + b x + N(0, s²).

export default {
  kind: 'log-density',
  name: 'line',
  parameters: {
    a: { prior: { normal: [0, 10] } },
    b: { prior: { normal: [0, 10] } },
    s: { prior: { half_normal: [2] } },
  },
  row: ['x', 'y'],
  wgsl: `fn log_likelihood(row: Row, theta: Theta) -> f32 {
    let z = (row.y - theta.a - theta.b * row.x) / theta.s;
    return -0.5 * z * z - log(theta.s);
  }`,
};

/** Model files for the command-line tests, as an author would write them. */

interface Parts {
  initial?: string;
  transition?: string;
  log_observation?: string;
}

/** A random walk; lines of the file are counted in the tests: `initial` is line 9, `transition` begins on line 10. */
export const walk = (parts: Parts = {}) => `export default {
  kind: 'state-space',
  name: 'walk',
  parameters: { sd: { prior: { exponential: 1 } } },
  state: ['x'],
  noise: 1,
  observation: ['y'],
  wgsl: \`
    ${parts.initial ?? 'fn initial(theta: Theta, noise: Noise) -> State { return State(noise[0]); }'}
    ${parts.transition ?? 'fn transition(x: State, theta: Theta, noise: Noise, t: f32) -> State { return State(x.x + theta.sd * noise[0]); }'}
    ${parts.log_observation ?? 'fn log_observation(y: Observation, x: State, theta: Theta, t: f32) -> f32 { return normal_log_density(y.y, x.x, 1.0); }'}
  \`,
};
`;

/** Two random walks that mean-revert and a trend, seen through two instruments: 5 parameters, 3 states, 2 observations. */
export const trend = `export default {
  kind: 'state-space',
  name: 'trend',
  parameters: {
    pull: { prior: { beta: [2, 2] }, size: 2 },
    sd: { prior: { half_normal: 1 }, size: 2 },
    slope: { prior: { normal: [0, 1] } },
  },
  state: { x: 2, level: 1 },
  noise: 2,
  observation: ['first', 'second'],
  wgsl: \`
    import package::lib::density::normal_log_density;

    fn initial(theta: Theta, noise: Noise) -> State {
      return State(array<f32, 2>(noise[0], noise[1]), 0.0);
    }
    fn transition(x: State, theta: Theta, noise: Noise, t: f32) -> State {
      var next = x;
      for (var i = 0; i < 2; i++) {
        next.x[i] = theta.pull[i] * x.x[i] + theta.sd[i] * noise[i];
      }
      next.level = x.level + 0.1 * theta.slope;
      return next;
    }
    fn log_observation(y: Observation, x: State, theta: Theta, t: f32) -> f32 {
      return normal_log_density(y.first, x.x[0] + x.level, 0.5) + normal_log_density(y.second, x.x[1] - x.level, 0.5);
    }
  \`,
};
`;

export const trend_at = ['--set', 'pull=0.5,0.8', '--set', 'sd[0]=0.5', '--set', 'sd[1]=0.4', '--set', 'slope=0.3'];

/** Series of observations as the kernels read them (shaders/sde/data.wgsl): nodes of q, windows of intervals, and what the encoder sees around every node. */

import { create_view, scale_of, type TableScale } from './view.ts';

export interface Series {
  /** Increasing. */
  times: Float64Array;
  /** [time][channel]; NaN where nothing was observed. */
  values: Float64Array;
}

export interface SeriesOptions {
  latent: number;
  observed: number;
  /** Observations from one node to the next. */
  every: number;
  /** Observations that the encoder sees around a node. */
  sees: number;
  /** Nodes of a window at the most. */
  nodes: number;
  /** Whether latent components are channels, and the encoder's mean is added to that of the channel. */
  is_identity: boolean;
  /** From a channel's mean to the state that gives it; absent: it is the mean. */
  link?: 'log' | 'logit';
}

export interface Node {
  /** Seconds to the next node; 0 for the last of a series. */
  span: number;
  time: number;
  /** Time since the series began, over the longest series. */
  clock: number;
  /** First observation of the interval that begins here. */
  first_observation: number;
  series: number;
}

export interface Window {
  first_node: number;
  intervals: number;
  first_observation: number;
  observations: number;
  starts: boolean;
}

export interface Tables {
  nodes: Node[];
  windows: Window[];
  /** Where the observation's interval begins, and its place in it. */
  observations: { node: number; u: number }[];
  /** [observation][channel] value, and 1 where there is one. */
  values: Float32Array<ArrayBuffer>;
  /** [node][encoder_inputs] */
  inputs: Float32Array<ArrayBuffer>;
  /** [node][latent] */
  bases: Float32Array<ArrayBuffer>;
  encoder_inputs: number;
  /** Of a window. */
  most_observations: number;
  /** Single values observed. */
  numbers: number;
}

/** Of series that check_series.ts accepts. @param scale of those that were learned from */
export function tabulate(
  series: readonly Series[],
  options: SeriesOptions,
  scale: TableScale = scale_of(series, options.sees),
): Tables {
  const { every } = options;
  const view = create_view(scale, options);
  const nodes: Node[] = [];
  const windows: Window[] = [];
  const observations: Tables['observations'] = [];
  const inputs: number[][] = [];
  const bases: number[][] = [];
  for (const [nth, one] of series.entries()) {
    const { times } = one;
    const time = (point: number) => times[point] as number;
    const first_node = nodes.length;
    const first_observation = observations.length;
    const points = node_points(times.length, every);
    for (const [i, point] of points.entries()) {
      const clock = (time(point) - time(0)) / scale.longest;
      const span = time(points[i + 1] ?? point) - time(point);
      nodes.push({ span, time: time(point), clock, first_observation: first_observation + point, series: nth });
      inputs.push(view.at(one, point));
      bases.push(view.base(one, point));
    }
    const intervals = points.length - 1;
    for (let point = 0; point < times.length; point++) {
      const node = first_node + Math.min(intervals - 1, Math.floor(point / every));
      const { time: begin, span } = nodes[node] as Node;
      observations.push({ node, u: (time(point) - begin) / span });
    }
    for (const [from, to] of even_parts(intervals, options.nodes - 1)) {
      const begin = points[from] as number;
      const end = to === intervals ? times.length : (points[to] as number);
      windows.push({
        ...{ first_node: first_node + from, intervals: to - from, starts: from === 0 },
        ...{ first_observation: first_observation + begin, observations: end - begin },
      });
    }
  }
  const cells = series.flatMap(({ values }) => Array.from(values));
  return {
    ...{ nodes, windows, observations },
    values: Float32Array.from(cells.flatMap((v) => (Number.isNaN(v) ? [0, 0] : [v, 1]))),
    inputs: Float32Array.from(inputs.flat()),
    bases: Float32Array.from(bases.flat()),
    encoder_inputs: view.inputs,
    most_observations: Math.max(...windows.map((window) => window.observations)),
    numbers: cells.reduce((sum, v) => sum + Number(!Number.isNaN(v)), 0),
  };
}

/** Every so many observations, and the last. */
function node_points(count: number, every: number): number[] {
  const points = Array.from({ length: Math.ceil((count - 1) / every) }, (_, i) => i * every);
  return [...points, count - 1];
}

/** Parts [from, to) of about the same size. */
function even_parts(count: number, most: number): [number, number][] {
  const parts = Math.ceil(count / most);
  return Array.from({ length: parts }, (_, part) => [
    Math.floor((count * part) / parts),
    Math.floor((count * (part + 1)) / parts),
  ]);
}

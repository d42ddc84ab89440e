/**
 * Generates `evaluate_tile` for models with linear predictors (src/autodiff/linear_predictor.ts): the likelihood of one block of rows, and its gradient, for a tile of chains.
 *
 * Σ β_i·x_i and w·x_i are vectors over the chains of the tile; what the model does with its predictors is its own function, differentiated by a reverse sweep, once per chain.
 */

import {
  type LinearPredictor,
  predictors_struct,
  take_out_predictors,
  type WithoutPredictors,
} from '../autodiff/linear_predictor.ts';
import { reverse_differentiate } from '../autodiff/reverse/reverse_differentiate.ts';
import { model_declarations } from '../model/declarations.ts';
import type { PackedRows } from '../model/pack_rows.ts';
import { join, member } from '../model/struct_text.ts';
import type { LogDensityModel, RowField } from '../model/types.ts';
import { reverse_or_nothing } from './likelihood_module.ts';

/** Products with the data are written out for this many at most. */
const most_products = 256;

export interface TileText {
  model: string;
  imports: string;
  /** Functions and constants of `package::sample_target`. */
  text: string;
}

type Rest = WithoutPredictors & { kept: RowField[] };

/** The model's function without its predictors, and what of a row it still reads. */
function rest_of(model: LogDensityModel, rows?: number): Rest | undefined {
  if (model.entry !== 'log_likelihood' || /\bdata\b/.test(model.wgsl)) return undefined;
  const rest = take_out_predictors(model.wgsl, model_declarations(model, rows));
  if (!rest || rest.predictors.reduce((sum, { count }) => sum + count, 0) > most_products) return undefined;
  const only_linear = ({ name }: RowField) => rest.predictors.some((p) => p.column === name) && !rest.reads(name);
  const kept = model.row.filter((field) => !only_linear(field));
  return kept.length === 0 ? undefined : { ...rest, kept };
}

/** Has the model a linear predictor, and can the rest of it be differentiated in reverse? */
export function has_tiles(model: LogDensityModel): boolean {
  const rest = rest_of(model);
  return rest !== undefined && reverse_or_nothing(() => reversed(model, rest)) !== undefined;
}

function reversed(model: LogDensityModel, { source, kept, predictors }: Rest, rows?: number): string {
  const declarations = without_data(model_declarations({ ...model, row: kept }, rows));
  return reverse_differentiate({
    source,
    declarations: declarations + predictors_struct(predictors.length),
    entries: [{ name: 'log_likelihood', active: [false, true, true] }],
  }).wgsl;
}

/** Throws Error for a model without tiles. @param tile chains per invocation: 1 or a multiple of 4 */
export function tile_text(model: LogDensityModel, rows: number, blocks: number, tile: number): TileText {
  const rest = rest_of(model, rows);
  if (!rest) throw new Error(`${model.name} has no linear predictor`);
  return {
    model: reversed(model, rest, rows),
    imports: 'import package::model::{Row, LinearPredictors, log_likelihood_r};',
    text: evaluate_text(model, rest.kept, rest.predictors, rows, blocks, tile),
  };
}

/** Rows are read number by number here. */
const without_data = (declarations: string) => declarations.replace(/^@group.*$/m, '');

function evaluate_text(
  model: LogDensityModel,
  kept: readonly RowField[],
  predictors: readonly LinearPredictor[],
  rows: number,
  blocks: number,
  tile: number,
): string {
  const vector = tile === 1 ? 'f32' : 'vec4<f32>';
  // Chains k, k + 1, … of one vector.
  const vectors = Array.from({ length: Math.ceil(tile / 4) }, (_, v) => v);
  const chains = Array.from({ length: tile }, (_, k) => k);
  const lane = (name: string, k: number) =>
    tile === 1 ? `${name}_0` : `${name}_${Math.floor(k / 4)}.${'xyzw'[k % 4]}`;
  const lanes = (v: number, text: (k: number) => string) =>
    tile === 1 ? text(0) : `${vector}(${join(4, (k) => text(4 * v + k))})`;
  const lines = (texts: readonly string[], indent = '  ') => texts.join(`\n${indent}`);
  const products = predictors.flatMap((p, id) => Array.from({ length: p.count }, (_, i) => ({ p, id, i })));
  const each_vector = (text: (v: number) => string) => vectors.map(text);
  const column_of = (p: LinearPredictor) =>
    (model.row.find(({ name }) => name === p.column) as RowField).offset + p.column_first;
  const cell = (column: number) => `row_${Math.floor(column / 4)}.${'xyzw'[column % 4]}`;
  const row_cells = kept.map(({ size, offset }) =>
    size === 0 ? cell(offset) : `array<f32, ${size}>(${join(size, (i) => cell(offset + i))})`,
  );
  const quads = row_quads(model);
  return `
@group(0) @binding(10) var<storage, read> data: array<vec4<f32>>;

const tile_size = ${tile}u;

fn evaluate_tile(first_chain: u32, apart: u32, block: u32) {
  let last = params.chains - 1u;
  ${lines(chains.map((k) => `let c${k} = min(first_chain + ${k}u * apart, last);\n  var theta${k} = theta_at(c${k});\n  var score${k} = Theta();`))}
  ${lines(
    products.flatMap(({ p, id, i }) =>
      each_vector(
        (v) =>
          `let beta_${id}_${i}_${v} = ${lanes(v, (k) => `theta${k}.${p.parameter}[${p.parameter_first + i}]`)};\n  var slope_${id}_${i}_${v} = ${vector}();`,
      ),
    ),
  )}
  ${lines(each_vector((v) => `var value_${v} = ${vector}();`))}
  let first = block * ${Math.ceil(rows / blocks)}u;
  let end = min(first + ${Math.ceil(rows / blocks)}u, ${rows}u);
  for (var i = first; i < end; i++) {
    ${lines(
      Array.from({ length: quads }, (_, q) => `let row_${q} = data[i * ${quads}u + ${q}u];`),
      '    ',
    )}
    ${lines(
      predictors.flatMap((p, id) =>
        each_vector(
          (v) =>
            `let eta_${id}_${v} = ${join(p.count, (i) => `beta_${id}_${i}_${v} * ${cell(column_of(p) + i)}`, ' + ')};`,
        ),
      ),
      '    ',
    )}
    let row = Row(${row_cells.join(', ')});
    ${lines(
      chains.map(
        (k) => `var bar${k} = LinearPredictors();
    let value${k} = log_likelihood_r(row, theta${k}, LinearPredictors(${predictors.map((_, id) => lane(`eta_${id}`, k)).join(', ')}), 1.0, &score${k}, &bar${k});`,
      ),
      '    ',
    )}
    ${lines(
      each_vector((v) => `value_${v} += ${lanes(v, (k) => `value${k}`)};`),
      '    ',
    )}
    ${lines(
      predictors.flatMap((_, id) => each_vector((v) => `let w_${id}_${v} = ${lanes(v, (k) => `bar${k}.p${id}`)};`)),
      '    ',
    )}
    ${lines(
      products.flatMap(({ p, id, i }) =>
        each_vector((v) => `slope_${id}_${i}_${v} += w_${id}_${v} * ${cell(column_of(p) + i)};`),
      ),
      '    ',
    )}
  }
  ${lines(
    chains.map(
      (
        k,
      ) => `${lines(products.map(({ p, id, i }) => `score${k}.${p.parameter}[${p.parameter_first + i}] += ${lane(`slope_${id}_${i}`, k)};`))}
  if (first_chain + ${k}u * apart <= last) {
    parts[part_at(block, 0u, c${k})] = ${lane('value', k)};
    ${lines(
      Array.from(
        { length: model.scalars.length },
        (_, i) => `parts[part_at(block, ${1 + i}u, c${k})] = ${member(model.fields, i, `score${k}`)};`,
      ),
      '    ',
    )}
  }`,
    ),
  )}
}

fn theta_at(c: u32) -> Theta {
  var phi = load_position(c);
  var theta = Theta();
  _ = constrain(&phi, &theta);
  return theta;
}
`;
}

const row_quads = (model: LogDensityModel) =>
  Math.ceil(model.row.reduce((sum, { size }) => sum + Math.max(1, size), 0) / 4);

/** Rows of [column], rounded up to whole vectors: a vector costs a software adapter little more to load than a number. */
export function tile_rows(model: LogDensityModel, { values, count }: PackedRows): Float32Array<ArrayBuffer> {
  const columns = values.length / count;
  const padded = new Float32Array(4 * row_quads(model) * count);
  for (let row = 0; row < count; row++) {
    padded.set(values.subarray(row * columns, (row + 1) * columns), 4 * row_quads(model) * row);
  }
  return padded;
}

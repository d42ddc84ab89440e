/**
 * The type that carries the tangents of one f32: `width` lanes, one per direction of differentiation.
 *
 * It is the smallest WGSL type with native `+`, `-` and scalar `*` that has enough lanes. Matrices have these too, so up to
 * 16 directions fit one value. They have no unary minus, no `/` and no `select`; generated code multiplies by -1.0,
 * multiplies by reciprocals and calls `select_tangent`. Lanes beyond `width` are always zero.
 */

const shapes: readonly { lanes: number; type: string; columns: number; rows: number }[] = [
  { lanes: 1, type: 'f32', columns: 1, rows: 1 },
  { lanes: 2, type: 'vec2f', columns: 1, rows: 2 },
  { lanes: 3, type: 'vec3f', columns: 1, rows: 3 },
  { lanes: 4, type: 'vec4f', columns: 1, rows: 4 },
  { lanes: 6, type: 'mat2x3f', columns: 2, rows: 3 },
  { lanes: 8, type: 'mat2x4f', columns: 2, rows: 4 },
  { lanes: 9, type: 'mat3x3f', columns: 3, rows: 3 },
  { lanes: 12, type: 'mat3x4f', columns: 3, rows: 4 },
  { lanes: 16, type: 'mat4x4f', columns: 4, rows: 4 },
];

/** The most directions one tangent can carry. */
export const max_tangent_width = 16;

function shape_of(width: number) {
  const shape = shapes.find((s) => width >= 1 && width <= s.lanes);
  if (!shape || !Number.isInteger(width)) throw new RangeError(`tangent width ${width} is not a whole number in 1…16`);
  return shape;
}

/** WGSL type with at least `width` lanes; `width` in 1…16. */
export function tangent_type(width: number): string {
  return shape_of(width).type;
}

/** Lanes of that type, `width` or a few more. */
export function tangent_lanes(width: number): number {
  return shape_of(width).lanes;
}

/** WGSL text of the tangent whose lane `index` is 1 and whose other lanes are 0. */
export function tangent_unit(width: number, index: number): string {
  const { lanes, type } = shape_of(width);
  if (lanes === 1) return '1.0';
  const values = Array.from({ length: lanes }, (_, lane) => (lane === index ? '1.0' : '0.0'));
  return `${type}(${values.join(', ')})`;
}

/** WGSL text of the zero tangent. */
export const tangent_zero = 'Tangent()';

/** WGSL text of lane `index` (a number, f32) of the tangent `expression`, which must be a name or in parentheses. */
export function tangent_lane(width: number, index: number, expression: string): string {
  const { columns, rows, lanes } = shape_of(width);
  if (lanes === 1) return expression;
  if (columns === 1) return `${expression}[${index}]`;
  return `${expression}[${Math.floor(index / rows)}][${index % rows}]`;
}

/** WGSL text that is `yes` where `condition` holds, else `no`, without arithmetic: a NaN not chosen does not spread. */
export function tangent_select(width: number, no: string, yes: string, condition: string): string {
  return `${width > 4 ? 'select_tangent' : 'select'}(${no}, ${yes}, ${condition})`;
}

/** Module-scope text that the other functions of this file rely on. */
export function tangent_declarations(width: number): string {
  const alias = `alias Tangent = ${tangent_type(width)};\n`;
  if (width <= 4) return alias;
  return `${alias}
fn select_tangent(no: Tangent, yes: Tangent, condition: bool) -> Tangent {
  if (condition) {
    return yes;
  }
  return no;
}
`;
}

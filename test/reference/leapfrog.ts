/**
 * Hamiltonian dynamics as the textbook has it (Neal 2011, §2.3): position q, momentum p ~ N(0, M), kinetic energy ½ pᵀM⁻¹p, leapfrog steps, in float64. The shaders keep
 * whitened momenta r = Fᵀp instead, M⁻¹ = F·Fᵀ; `momentum` and `whitened` go between the two.
 */

import { dot, type Matrix, solve, times, times_vector, transpose, type Vector } from './linear_algebra.ts';

export interface Hamiltonian {
  log_density(q: Vector): number;
  gradient(q: Vector): Vector;
  inverse_mass: Matrix;
}

export interface State {
  q: Vector;
  p: Vector;
}

export const add = (x: Vector, factor: number, y: Vector) => x.map((v, i) => v + factor * (y[i] as number));

export const velocity = ({ inverse_mass }: Hamiltonian, p: Vector) => times_vector(inverse_mass, p);

export const energy = (h: Hamiltonian, { q, p }: State) => 0.5 * dot(p, velocity(h, p)) - h.log_density(q);

export function leapfrog(h: Hamiltonian, { q, p }: State, epsilon: number): State {
  const half = add(p, epsilon / 2, h.gradient(q));
  const next = add(q, epsilon, velocity(h, half));
  return { q: next, p: add(half, epsilon / 2, h.gradient(next)) };
}

export const momentum = (factor: Matrix, r: Vector) => solve(transpose(factor), r);
export const whitened = (factor: Matrix, p: Vector) => times_vector(transpose(factor), p);
export const inverse_mass = (factor: Matrix) => times(factor, transpose(factor));

/** −½ qᵀPq */
export const quadratic = (precision: Matrix): Pick<Hamiltonian, 'log_density' | 'gradient'> => ({
  log_density: (q) => -0.5 * dot(q, times_vector(precision, q)),
  gradient: (q) => times_vector(precision, q).map((x) => -x),
});

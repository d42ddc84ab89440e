/**
 * The energy fraction of missing information of a Hamiltonian sampler: how far one refreshed momentum moves the energy,
 * against how far the energy has to move (Betancourt 2016, arXiv 1604.00695).
 */
import { mean } from './moments.ts';

/**
 * Σ (E_t − E_{t−1})² / Σ (E_t − Ē)² over one chain's energies, at the end of each transition. Below 0.3 the chain
 * wanders through the energies and explores the tails slowly. NaN for fewer than two draws, a constant or a value that
 * is not finite.
 */
export function energy_fraction(energy: Float64Array): number {
  const center = mean(energy);
  let jumps = 0;
  let spread = 0;
  for (let t = 0; t < energy.length; t++) {
    const e = energy[t] as number;
    if (t > 0) jumps += (e - (energy[t - 1] as number)) ** 2;
    spread += (e - center) ** 2;
  }
  return spread > 0 ? jumps / spread : Number.NaN;
}

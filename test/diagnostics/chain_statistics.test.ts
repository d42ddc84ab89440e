// Acceptance: the figures of the table are those of the functions that R's posterior was compared with, to rounding.
import { describe, expect, it } from 'vitest';
import { chain_statistics } from '../../src/diagnostics/chain_statistics.ts';
import { ess_bulk, ess_mean, ess_quantile, ess_sd, ess_square, ess_tail } from '../../src/diagnostics/ess.ts';
import { mcse_mean, mcse_quantile, mcse_sd } from '../../src/diagnostics/mcse.ts';
import { rhat } from '../../src/diagnostics/rhat.ts';
import { autoregression } from './reference_draws.ts';

describe('the statistics of one parameter', () => {
  it.each([200, 201])('are the single diagnostics, with %i draws per chain', (draws) => {
    const chains = autoregression(90, 3, draws, 0.6);
    const found = chain_statistics(chains);
    const wanted = {
      mcse: mcse_mean(chains),
      mcse_sd: mcse_sd(chains),
      mcse_q05: mcse_quantile(chains, 0.05),
      mcse_q50: mcse_quantile(chains, 0.5),
      mcse_q95: mcse_quantile(chains, 0.95),
      ess_bulk: ess_bulk(chains),
      ess_tail: ess_tail(chains),
      ess_mean: ess_mean(chains),
      ess_square: ess_square(chains),
      ess_sd: ess_sd(chains),
      ess_q05: ess_quantile(chains, 0.05),
      ess_q50: ess_quantile(chains, 0.5),
      ess_q95: ess_quantile(chains, 0.95),
      rhat: rhat(chains),
    };
    for (const [name, value] of Object.entries(wanted)) {
      expect(found[name as keyof typeof wanted], name).toBeCloseTo(value, 10);
    }
    expect(new Set(Object.values(wanted)).size).toBeGreaterThan(12);
  });

  it('are NaN, errors too, for draws that do not vary', () => {
    const { mean, mcse_sd: of_sd, mcse_q05, ess_sd: ess } = chain_statistics([new Float64Array(20).fill(2)]);
    expect({ mean, of_sd, mcse_q05, ess }).toEqual({
      mean: 2,
      of_sd: Number.NaN,
      mcse_q05: Number.NaN,
      ess: Number.NaN,
    });
  });
});

/**
 * Seven posteriors of posteriordb (github.com/stan-dev/posteriordb, BSD-3) with their reference expectations: means and means of squares with Monte Carlo standard errors, from
 * posterior_database/reference_posteriors/summary_statistics/{mean_value,mean_squared_value}/ of commit 28f8d3d. Ten chains × 1000 draws of Stan (10 000 iterations after warm-up,
 * thinned by 10), R-hat < 1.01, and no divergence in any of them. Those of eight schools' squares are in the file of the centred model, which shares the reference.
 *
 * A sampler passes when |mean − reference| < 4 √(MCSE² + reference MCSE²) for every row, of the quantity and of its square.
 */

import { eight_schools } from '../../src/model/catalog/eight_schools.ts';
import type { LogDensitySource } from '../../src/model/types.ts';
import ark from './models/ark.ts';
import garch11 from './models/garch11.ts';
import gauss_mix from './models/gauss_mix.ts';
import gp_regression from './models/gp_regression.ts';
import kidscore_momhsiq from './models/kidscore_momhsiq.ts';
import sblrc from './models/sblrc.ts';

/** A quantity's name there, its mean and that mean's standard error, and the same of its square. */
export type Expectation = readonly [name: string, mean: number, mcse: number, square: number, square_mcse: number];

export interface PosteriordbTarget {
  /** posteriordb's name. */
  posterior: string;
  model: LogDensitySource;
  /** File in data/. */
  data: string;
  expectations: readonly Expectation[];
  /** From our Theta, flattened, to the values of `expectations`, in their order; where missing, they are the same. */
  quantities?: (theta: readonly number[]) => number[];
}

export const posteriordb: readonly PosteriordbTarget[] = [
  {
    posterior: 'eight_schools-eight_schools_noncentered',
    model: eight_schools,
    data: 'eight_schools.csv',
    quantities: (theta) => {
      const [mu, tau, ...eta] = theta as [number, number, ...number[]];
      return [...eta.map((standardised) => mu + tau * standardised), mu, tau];
    },
    expectations: [
      ['theta[1]', 6.15050229334425, 0.0557375282295219, 69.36345, 1.1692102],
      ['theta[2]', 4.9395811407422, 0.0462293788624847, 45.9787, 0.6346494],
      ['theta[3]', 3.90590609001582, 0.0542313705632124, 43.13923, 0.6539418],
      ['theta[4]', 4.79601675138494, 0.0474935816762281, 45.76135, 0.6193689],
      ['theta[5]', 3.6144363246799, 0.0461450610244603, 34.35767, 0.4550489],
      ['theta[6]', 4.0511475789675, 0.0485195392528031, 39.4135, 0.5390213],
      ['theta[7]', 6.31716975886893, 0.0498766794075794, 64.93269, 0.9216132],
      ['theta[8]', 4.88399694353288, 0.0542511606560972, 52.12845, 0.9024748],
      ['mu', 4.41051833695493, 0.0330374705950917, 30.40302, 0.3351356],
      ['tau', 3.60205952364059, 0.0318615135640706, 23.20407, 0.4848872],
    ],
  },
  {
    posterior: 'kidiq-kidscore_momhsiq',
    model: kidscore_momhsiq,
    data: 'kidiq.csv',
    expectations: [
      ['beta[1]', 25.7941145578544, 0.0578337375368676, 699.6797861, 3.0161931684],
      ['beta[2]', 5.98743192293386, 0.0219080593601823, 40.7595917, 0.2721111761],
      ['beta[3]', 0.562993791866958, 0.000597316945584746, 0.3206177, 0.0006779789],
      ['sigma', 18.1391940930461, 0.0061574835247797, 329.412899, 0.2247141042],
    ],
  },
  {
    posterior: 'sblrc-blr',
    model: sblrc,
    data: 'sblrc.csv',
    expectations: [
      ['beta[1]', 0.999647386264381, 1.00443824403632e-5, 0.9992959, 2.01446e-5],
      ['beta[2]', 0.99873177349098, 9.8772420929638e-6, 0.9974662, 1.97668e-5],
      ['beta[3]', 0.998198942727135, 1.09284477808804e-5, 0.9964023, 2.197615e-5],
      ['beta[4]', 0.998843664075728, 1.04445345187259e-5, 0.9976897, 2.095454e-5],
      ['beta[5]', 0.998593084548124, 9.91166926695954e-6, 0.9971891, 1.988385e-5],
      ['sigma', 1.04229066997578, 0.000772715176123169, 1.0922524, 0.00163690186],
    ],
  },
  {
    posterior: 'arK-arK',
    model: ark,
    data: 'ark.csv',
    expectations: [
      ['alpha', -0.000718650251261263, 0.000106240747686088, 0.0001151709, 1.657097e-6],
      ['beta[1]', 0.692163279812727, 0.000722052266688382, 0.4840669409, 0.001011455505],
      ['beta[2]', 0.439043080115602, 0.000907972815290037, 0.2003810587, 0.000810120813],
      ['beta[3]', 0.105816025140126, 0.000922855852323399, 0.0198605275, 0.000237359764],
      ['beta[4]', -0.0354350382459401, 0.000854130749737874, 0.0086580952, 0.000122548852],
      ['beta[5]', -0.301512065609031, 0.000699559554459409, 0.0957926901, 0.000433699282],
      ['sigma', 0.150566659032913, 7.96546722860024e-5, 0.022730759, 2.4373065e-5],
    ],
  },
  {
    posterior: 'garch-garch11',
    model: garch11,
    data: 'garch.csv',
    quantities: (theta) => {
      const [mu, alpha_0, alpha_1, share] = theta as unknown as [number, number, number, number];
      return [mu, alpha_0, alpha_1, share * (1 - alpha_1)];
    },
    expectations: [
      ['mu', 5.05001794660039, 0.00123500863504721, 25.5180634, 0.0124914355],
      ['alpha0', 1.47075973803898, 0.00568114335897224, 2.490076, 0.0200758738],
      ['alpha1', 0.567284282813872, 0.00128025972217755, 0.3379668, 0.0014919579],
      ['beta1', 0.293024546082117, 0.00125411180836808, 0.1014308, 0.0007721126],
    ],
  },
  {
    posterior: 'low_dim_gauss_mix-low_dim_gauss_mix',
    model: gauss_mix,
    data: 'gauss_mix.csv',
    expectations: [
      ['mu[1]', -2.73351447451795, 0.0004164428422851, 7.473869, 0.0022789232],
      ['mu[2]', 2.86983188566572, 0.000559642756180628, 8.2389163, 0.0032252901],
      ['sigma[1]', 1.02807388317639, 0.000315855160487549, 1.0579241, 0.0006525962],
      ['sigma[2]', 1.0238215386158, 0.000414631666695789, 1.0498493, 0.0008548406],
      ['theta', 0.621549344358064, 0.000154376331059873, 0.3865632, 0.0001929592],
    ],
  },
  {
    posterior: 'gp_pois_regr-gp_regr',
    model: gp_regression,
    data: 'gp_regression.csv',
    expectations: [
      ['rho', 6.87434817782581, 0.0127649184133038, 48.85864, 0.18295535],
      ['alpha', 2.4423998398757, 0.00775729060630055, 6.576518, 0.04434399],
      ['sigma', 1.82873106572797, 0.00502769102294288, 3.599273, 0.02046443],
    ],
  },
];

/** Beside draws.csv, in the order of its rows and columns: what `langevin sample --keep-gradients` writes and `langevin merge` finds. */

/** [draw] */
export const LOG_DENSITY_FILE = 'log_density.npy';
/** [draw][parameter] */
export const GRADIENTS_FILE = 'gradients.npy';

/** Which rank this process is, where a launcher of many processes says so. */

import { UserError } from '../model/user_error.ts';

/** In this order: Open MPI, MPICH and others of PMI, Slurm, torchrun and alike, Kubernetes' indexed jobs. */
const variables = ['OMPI_COMM_WORLD_RANK', 'PMI_RANK', 'SLURM_PROCID', 'RANK', 'JOB_COMPLETION_INDEX'] as const;

export interface RankSource {
  rank: number;
  /** `--rank`, or the name of the variable. */
  from: string;
}

/** @returns undefined where nobody says, so that a free rank is taken by lease. Throws UserError for what is no rank. */
export function rank_from(
  option: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): RankSource | undefined {
  const name = variables.find((variable) => environment[variable] !== undefined && environment[variable] !== '');
  const [text, from] = option === undefined ? [name && environment[name], name] : [option, '--rank'];
  if (text === undefined || from === undefined) return undefined;
  if (!/^\d{1,6}$/.test(text)) throw new UserError(`${from} is "${text}", which is no rank.\nRanks are 0, 1, 2, …`);
  return { rank: Number(text), from };
}

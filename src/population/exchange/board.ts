/**
 * What all ranks of a run know of each other: one value of the store, changed by version, so that every change is whole or not there.
 *
 * The particles of a rank are two halves. While one moves, the other stands still and is offered: whoever comes by with the same half may exchange with it, for nothing moves while an exchange is decided, and nobody waits for
 * anybody. At the end of a segment a rank writes, in one change of the board: that the half that stood is withdrawn, that the other is offered, and what is exchanged with those that are offered already. The states of an offer
 * are stored before, and never change, so they are what the rank goes on from when it is killed.
 */

export type Half = 0 | 1;

export interface Seat {
  /** Of the lease of who sits here; writes of one with a lower epoch are refused. 0: nobody has sat here. */
  epoch: number;
  /** Who made which segments: from each of these on, the holder of that epoch, until the next. */
  eras: [segment: number, epoch: number][];
  /** Segments that are finished. */
  segments: number;
  /** The half that stands still now, and can be met. */
  offered?: Half;
  /** Blobs with the states of the halves when they began to stand still. */
  heads: [string?, string?];
  /** How often the states of a half came from others. Names of blobs come again; with this number they are told apart. */
  given: [number, number];
  /** What warm-up has found so far. */
  tuned?: Tuned;
}

export interface Tuned {
  step_size: number;
  /** Largest curvature in the metric, where it was measured. */
  curvature: number;
  /** Blob with the metric; absent: all ones. */
  metric?: string;
}

export interface Board {
  seats: Seat[];
  /** Replica exchange: places on the ladder of temperatures, [rank][particle]. Those of one particle's number are a permutation, over the ranks. */
  places?: number[][];
  /** Pairs of particles that met, and of them those that were exchanged; by the lower place of the ladder, or in all. */
  met: number[];
  exchanged: number[];
}

export const empty_board = (ranks: number, particles: number, has_places: boolean): Board => ({
  seats: Array.from({ length: ranks }, () => ({ epoch: 0, eras: [], segments: 0, heads: [], given: [0, 0] })),
  // Rank r's particle i begins at place (r + i) mod ranks, so that every rank has all temperatures.
  ...(has_places
    ? { places: Array.from({ length: ranks }, (_, r) => Array.from({ length: particles }, (_, i) => (r + i) % ranks)) }
    : {}),
  met: Array.from({ length: has_places ? Math.max(1, ranks - 1) : 1 }, () => 0),
  exchanged: Array.from({ length: has_places ? Math.max(1, ranks - 1) : 1 }, () => 0),
});

/** The half that moves in a segment. */
export const half_of = (segment: number): Half => (segment % 2) as Half;

/** Segments that a half has made when its rank has finished so many. */
export const segments_of_half = (half: Half, segments: number): number => (segments + 1 - half) >> 1;

export const range_of_half = (half: Half, particles: number) => ({
  first: half * (particles >> 1),
  count: particles >> 1,
});

/**
 * Ranks other than this one that offer the same half now and may be met.
 *
 * Ranks meet in the same part of the run: particles that are still far from the target are nothing for a rank that is past its warm-up. Where particles change ranks, nobody is met in warm-up at all: one that is far out would come to a rank
 * whose steps have grown already, where MALA refuses all of its moves, and stay there for good.
 */
export function offering(
  { seats }: Board,
  { rank, half }: { rank: number; half: Half },
  { warm_up, exchange }: { warm_up: number; exchange: string },
): number[] {
  const is_warm = ({ segments }: Seat) => segments >= warm_up;
  const own = is_warm(seats[rank] as Seat);
  if (exchange === 'permute' && !own) return [];
  return seats.flatMap((seat, other) =>
    other !== rank && seat.offered === half && is_warm(seat) === own ? [other] : [],
  );
}

/** What tells the states of a half from all that it had before; undefined where there are none yet. */
export function mark_of({ heads, given }: Seat, half: Half): string | undefined {
  const name = heads[half];
  return name && `${name} ${given[half]}`;
}

/** The epoch of who finished a segment. */
export function maker_of({ eras }: Seat, segment: number): number {
  const era = eras.findLast(([first]) => first <= segment);
  if (!era) throw new Error(`nobody has made segment ${segment}`);
  return era[1];
}

/** A deep copy to change. */
export const copy_board = (board: Board): Board => structuredClone(board);

/** Of all ranks together. */
export const tick_of = ({ seats }: Board): number => seats.reduce((sum, { segments }) => sum + segments, 0);

/** How much more than asked for a rank does at most while others are behind. */
const most_ahead = 2;

interface Length {
  segments: number;
  exchange: string;
}

/** All ranks have done what was asked for. */
export const is_done = ({ seats }: Board, { segments }: Length): boolean =>
  seats.every((seat) => seat.segments >= segments);

/** Whether a rank has nothing more to do. Where temperatures go from rank to rank, those that are fast go on until all are done, or low temperatures would be left with them. */
export function is_over(board: Board, spec: Length, rank: number): boolean {
  const { segments } = board.seats[rank] as Seat;
  if (segments < spec.segments) return false;
  return spec.exchange !== 'replica' || segments >= most_ahead * spec.segments || is_done(board, spec);
}

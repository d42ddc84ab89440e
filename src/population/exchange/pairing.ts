/** Who meets whom: neighbours on the ladder of temperatures by turns, even pairs in even rounds and odd ones in odd rounds, which carries a temperature across the ladder without turning back at random (Syed et al. 2022, non-reversible parallel tempering). */

/** The place on the ladder that another meets in a round; undefined: nobody. */
export function partner(place: number, round: number, places: number): number | undefined {
  const other = (place + round) % 2 === 0 ? place + 1 : place - 1;
  return other >= 0 && other < places ? other : undefined;
}

/**
 * The name somebody probably meant: smallest edit distance (Levenshtein 1966), ignoring case, among those not further
 * than about a third of the word's length, so that a suggestion is either close or absent.
 */
export function nearest_name(wanted: string, names: readonly string[]): string | undefined {
  const limit = Math.max(1, Math.floor(wanted.length / 3));
  let best: string | undefined;
  let best_distance = limit + 1;
  for (const name of names) {
    const distance = edit_distance(wanted.toLowerCase(), name.toLowerCase());
    if (distance < best_distance) {
      best = name;
      best_distance = distance;
    }
  }
  return best;
}

/** Insertions, deletions and substitutions that turn `a` into `b`. */
function edit_distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min((previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1, substitution));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}

/** The portable data set of smc2.md §4.1 once more, in exact integers and written straight from its recipe: the twin of src/model/catalog/data/portable_lgssm.ts. */

const word = 2n ** 32n;

export function hash(n: number): bigint {
  const s = (BigInt(n) * 747796405n + 2891336453n) % word;
  const w = (((s >> ((s >> 28n) + 4n)) ^ s) * 277803737n) % word;
  return (w >> 22n) ^ w;
}

function normal(k: number): number {
  const u = (n: number) => (Number(hash(n)) + 0.5) / Number(word);
  return Math.sqrt(-2 * Math.log(u(2 * k))) * Math.cos(2 * Math.PI * u(2 * k + 1));
}

/** States x_0 … x_T and observations y_1 … y_T. */
export function portable_data(steps: number): { x: number[]; y: number[] } {
  const x = [normal(0)];
  const y: number[] = [];
  for (let t = 1; t <= steps; t++) {
    x.push(0.75 * (x[t - 1] as number) + normal(2 * t - 1));
    y.push((x[t] as number) + normal(2 * t));
  }
  return { x, y };
}

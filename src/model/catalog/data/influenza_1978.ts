/**
 * Influenza in an English boarding school, 22 January to 4 February 1978: boys confined to bed, each day, of 763.
 *
 * Edition: `in_bed` of `influenza_england_1978_school` in the R package `outbreaks`, read off the figure in Anonymous, "Influenza in a boarding school",
 * British Medical Journal 1978;1:587. Another edition, `bsflu` of the R package pomp, has other numbers.
 */
export const influenza_1978 = {
  description: '14 days of influenza in a boarding school of 763 boys: number in bed',
  source: 'BMJ 1978;1:587, as in R outbreaks::influenza_england_1978_school',
  columns: { in_bed: [3, 8, 26, 76, 225, 298, 258, 233, 189, 128, 68, 29, 14, 4] },
};

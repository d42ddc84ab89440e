/** Colours of points, from the style sheet: told apart by those who cannot tell red from green (Okabe & Ito 2008). */

export type Colour = readonly [red: number, green: number, blue: number];

export const groups: readonly Colour[] = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00'].map(
  (hex) => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255) as unknown as Colour,
);

/** Of what is there from the beginning: seen on light and on dark, and behind the rest. */
export const neutral: Colour = [0.52, 0.54, 0.58];

/** Pieces of generated WGSL modules. */

/** Whole numbers. */
export function constants(of: Readonly<Record<string, number>>): string {
  return Object.entries(of)
    .map(([name, value]) => `const ${name} = ${value}u;\n`)
    .join('');
}

/** A table as a function: WGSL compilers unroll or spill constant arrays that are indexed by a variable. */
export function switch_function(name: string, type: string, entries: readonly string[]): string {
  const cases = entries.slice(0, -1).map((entry, n) => `    case ${n}u: { return ${entry}; }\n`);
  return `
fn ${name}(n: u32) -> ${type} {
  switch (n) {
${cases.join('')}    default: { return ${entries.at(-1)}; }
  }
}
`;
}

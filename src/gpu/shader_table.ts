/**
 * Every WGSL text of the project, by path under `shaders/` (`'filter/bank_lane.wgsl'`). Node fills it by reading the folder
 * (`src/node/shader_files.ts`), the page through Vite; a test asserts that both see the same text.
 */
export type ShaderTable = Readonly<Record<string, string>>;

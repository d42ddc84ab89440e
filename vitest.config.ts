import { defineConfig } from 'vitest/config';
import { choose_adapter } from './src/node/adapter_environment.mjs';

// Tests run on the software adapter wherever they run, unless LANGEVIN_ADAPTER names another: the forks that vitest starts inherit this environment.
const chosen = await choose_adapter(process.env.LANGEVIN_ADAPTER ?? 'swiftshader');
if (!('adapter' in chosen)) throw new Error(`no adapter for the tests: ${JSON.stringify(chosen)}`);
Object.assign(process.env, chosen.environment, { LANGEVIN_ADAPTER_NAME: chosen.adapter.name });

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    // Compilers and the command line's start leave a core idle in most files; with three, pages and processes wait for each other.
    maxWorkers: 2,
    testTimeout: 240_000,
    hookTimeout: 120_000,
  },
});

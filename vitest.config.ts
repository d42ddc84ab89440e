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
    // One more than the cores of the smallest machine: compilers leave a core idle, and tests of outages mostly wait.
    maxWorkers: 3,
    testTimeout: 240_000,
    hookTimeout: 120_000,
  },
});

import { defineConfig } from 'vite';

// The page works from any folder of any static host, hence the relative base.
export default defineConfig({
  base: './',
  build: { outDir: 'dist/page', target: 'es2023' },
});

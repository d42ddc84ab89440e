import { readFileSync } from 'node:fs';
import { defineConfig } from 'vite';

const { version } = JSON.parse(readFileSync(new URL('./package.json', import.meta.url), 'utf8'));

// The page works from any folder of any static host, hence the relative base.
export default defineConfig({
  base: './',
  define: { 'import.meta.env.VITE_VERSION': JSON.stringify(version) },
  // Workers load what they need in pieces, as the page does.
  worker: { format: 'es' },
  build: { outDir: 'dist/page', target: 'es2023' },
});

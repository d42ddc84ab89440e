// Acceptance: the names that programs import, and where Node's modules may be imported: under src/node and nowhere else, so that the rest runs in a browser.

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import * as api from '../../src/index.ts';
import * as node_api from '../../src/node/index.ts';

const source = fileURLToPath(new URL('../../src/', import.meta.url));
const import_from = /(?:^|[\s;}])(?:from|import)\s*\(?\s*['"]([^'"\s]+)['"]/gm;

const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(ts|mjs|js)$/.test(name))
  .map((name) => ({
    name: name.replaceAll('\\', '/'),
    imports: Array.from(readFileSync(join(source, name), 'utf8').matchAll(import_from), (m) => m[1] as string),
  }));
const outside = files.filter(({ name }) => !name.startsWith('node/'));

describe('the public API', () => {
  it('has what a program needs', () => {
    const functions = {
      run_smc2: api.run_smc2,
      run_sample: api.run_sample,
      summarize_draws: api.summarize_draws,
      pack_rows: api.pack_rows,
      create_filter_bank: api.create_filter_bank,
      trace_filters: api.trace_filters,
      predict: api.predict,
      open_device: api.open_device,
      check_model_wgsl: api.check_model_wgsl,
      differentiate: api.differentiate,
      write_report: api.write_report,
      write_summary: api.write_summary,
    };
    for (const [name, f] of Object.entries(functions)) expect(f, name).toBeTypeOf('function');
    expect(api.samplers).toContain('nuts');
    expect(api.validate_model(api.catalog.sir).name).toBe('sir');
    expect(api.built_in_data['influenza-1978']?.columns.in_bed).toHaveLength(14);
  });

  it('has what needs Node in a part of its own', async () => {
    expect(node_api.request_device).toBeTypeOf('function');
    expect(node_api.close_and_exit).toBeTypeOf('function');
    const model = await node_api.load_model('lgssm');
    if (model.kind !== 'state-space') throw new Error('lgssm is a state-space model');
    expect(node_api.load_data('lgssm-100', model).rows).toBe(100);
  });

  it('is re-exports only', () => {
    for (const name of ['index.ts', 'node/index.ts']) {
      const text = readFileSync(join(source, name), 'utf8').replace(/\/\*\*.*?\*\//s, '');
      expect(text.replace(/export (type )?\{[^}]*\} from '[^']*';/g, '').trim()).toBe('');
    }
  });
});

describe('the source outside src/node', () => {
  it('imports nothing of Node', () => {
    expect(files.length - outside.length).toBeGreaterThan(10);
    const of_node = outside.filter(({ imports }) => imports.some((path) => path.startsWith('node:')));
    expect(of_node.map(({ name }) => name)).toEqual([]);
  });

  it('imports nothing of src/node', () => {
    const up = outside.filter(({ name, imports }) =>
      imports.some((path) => {
        if (!path.startsWith('.')) return false;
        return relative(source, resolve(dirname(join(source, name)), path))
          .replaceAll('\\', '/')
          .startsWith('node/');
      }),
    );
    expect(up.map(({ name }) => name)).toEqual([]);
  });

  it('imports no package that is made for Node, and what draws in the page alone', () => {
    const packages_of = (some: typeof outside) =>
      [...new Set(some.flatMap(({ imports }) => imports).filter((path) => !path.startsWith('.')))].sort();
    const in_page = ({ name }: (typeof outside)[number]) => name.replaceAll('\\', '/').startsWith('page/');
    expect(packages_of(outside.filter((file) => !in_page(file)))).toEqual([
      'csv-parse/browser/esm/sync',
      'h5wasm',
      'ml-matrix',
      'valibot',
      'wesl',
      'wesl/core',
    ]);
    expect(packages_of(outside.filter(in_page))).toEqual([
      'd3-contour',
      'uplot',
      'uplot/dist/uPlot.min.css',
      'wgpu-matrix',
    ]);
  });
});

/** The built page behind a plain web server, in a folder of its choice: what any static host does. */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const types: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

export interface Site {
  /** With the folder, and a slash at the end. */
  address: string;
  close(): Promise<void>;
}

export async function build_and_serve(): Promise<Site> {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const outDir = mkdtempSync(join(tmpdir(), 'langevin-page-'));
  await build({ root, logLevel: 'warn', build: { outDir, emptyOutDir: true } });
  // Not at the root of the host: the page's addresses are relative.
  const folder = '/some/folder/';
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const file = pathname === folder ? 'index.html' : normalize(pathname.slice(folder.length));
    try {
      const text = readFileSync(join(outDir, file));
      response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' }).end(text);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}${folder}`,
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
      rmSync(outDir, { recursive: true, force: true });
    },
  };
}

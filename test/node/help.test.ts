// Acceptance: exact texts where scripts rely on them; elsewhere that everything a command takes is named and that examples are given.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { catalog } from '../../src/model/catalog/index.ts';
import { timeout, workplace } from './command_line.ts';

const commands = ['devices', 'models', 'simulate', 'filter', 'smc2', 'summarize'];

describe.concurrent('help', { timeout }, () => {
  it.each([[[]], [['--help']], [['help']]])('%s names all commands and where to start', async (args) => {
    const { code, stdout, stderr } = await workplace().run(args);
    for (const command of commands) expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
    expect(stdout).toContain('langevin smc2 sir --data influenza-1978');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('help COMMAND is COMMAND --help', async () => {
    const place = workplace();
    expect(await place.run(['help', 'filter'])).toEqual(await place.run(['filter', '--help']));
  });

  it.each(commands)('%s --help has usage, options and examples', async (command) => {
    const { code, stdout, stderr } = await workplace().run([command, '--help']);
    expect(stdout).toMatch(new RegExp(`^langevin ${command}`));
    expect(stdout).toMatch(/^ {2}--adapter NAME +\S/m);
    expect(stdout.slice(stdout.indexOf('Examples:'))).toMatch(new RegExp(`^  langevin ${command}`, 'm'));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('--version is the package’s', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    expect(await workplace().run(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('models lists the catalog with priors and the data', async () => {
    const { code, stdout } = await workplace().run(['models']);
    for (const model of Object.keys(catalog)) expect(stdout).toMatch(new RegExp(`^${model}$`, 'm'));
    expect(stdout).toContain('normal(2, 1) on (0, ∞)');
    expect(stdout).toMatch(/^ +eta\[0…7\] +normal\(0, 1\)\n +log density; reads y, sigma$/m);
    expect(stdout).toMatch(/^ +log density; needs no data$/m);
    expect(stdout).toMatch(/^influenza-1978$/m);
    expect(code).toBe(0);
  });

  it('devices lists the software adapter with its limits, and marks the one in use', async () => {
    const { code, stdout } = await workplace().run(['devices']);
    expect(stdout).toMatch(/^\* SwiftShader/m);
    expect(stdout).toMatch(/software \(not a GPU\)/);
    expect(stdout).toMatch(/^ +maxBufferSize +\d+$/m);
    expect(code).toBe(0);
  });

  it('devices --json is JSON', async () => {
    const { code, stdout } = await workplace().run(['devices', '--json']);
    const found = JSON.parse(stdout);
    expect(found).toContainEqual(expect.objectContaining({ kind: 'software', source: 'bundled', default: true }));
    expect(code).toBe(0);
  });
});

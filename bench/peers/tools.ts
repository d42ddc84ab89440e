/** The other tools: what each is, which program of ours speaks to it, and where it is found on this machine. */

import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';

export interface Tool {
  name: string;
  /** File beside this one. */
  program: string;
  language: 'python' | 'node';
  /** Modules the program imports; the tool is missing when one of them is. */
  modules: readonly string[];
  install: string;
  /** Does its program give the gradient? One that gives the value only is not timed beside gradients. */
  gradient: boolean;
  /** Is it run a second time on one thread of the CPU? */
  one_thread: boolean;
}

export const tools: readonly Tool[] = [
  {
    name: 'PyTorch',
    program: 'torch_filter.py',
    language: 'python',
    modules: ['torch', 'numpy'],
    install: 'pip install torch numpy, or apt-get install python3-torch',
    gradient: true,
    one_thread: true,
  },
  {
    name: 'JAX',
    program: 'jax_filter.py',
    language: 'python',
    modules: ['jax', 'numpy'],
    install: 'pip install jax, or "jax[cuda13]" for an NVIDIA card',
    gradient: true,
    one_thread: true,
  },
  {
    name: 'NumPy + numba',
    program: 'numba_filter.py',
    language: 'python',
    modules: ['numba', 'numpy'],
    install: 'pip install numba numpy, or apt-get install python3-numba',
    gradient: false,
    one_thread: false,
  },
  {
    name: 'jax-js',
    program: 'jax_js_filter.ts',
    language: 'node',
    modules: ['@jax-js/jax'],
    install: 'npm ci (it is a development dependency)',
    gradient: true,
    one_thread: false,
  },
];

/** @throws Error where there is none of that name */
export function tool_named(name: string): Tool {
  const tool = tools.find((it) => it.name === name);
  if (tool === undefined) throw new Error(`no tool is called ${name}`);
  return tool;
}

/** How a tool's program is started, or what is missing. */
export type Found = { command: readonly string[] } | { missing: string };

export function find_tool(tool: Tool): Found {
  return tool.language === 'node' ? find_in_node(tool) : find_python(tool);
}

/** In this Node; tsx reads TypeScript where Node itself cannot, as in the launcher. */
function find_in_node({ modules, install }: Tool): Found {
  const { resolve } = createRequire(import.meta.url);
  for (const module of modules) {
    try {
      resolve(module);
    } catch {
      return { missing: `${module} is not installed. To compare: ${install}.` };
    }
  }
  const strips_types = 'typescript' in process.features && Boolean(process.features.typescript);
  return { command: [process.execPath, ...(strips_types ? [] : ['--import', 'tsx']), '--no-warnings'] };
}

function find_python({ modules, install }: Tool): Found {
  const candidates = [process.env.LANGEVIN_PYTHON, 'python3', '/usr/bin/python3'].filter((name) => name !== undefined);
  const found = candidates.find((python) => imports_modules(python, modules));
  if (found !== undefined) return { command: [found] };
  return {
    missing: `${modules.join(' and ')} not found by ${candidates.join(' or ')}. To compare: ${install}; LANGEVIN_PYTHON names the interpreter.`,
  };
}

const seen = new Map<string, boolean>();

/** Importing takes seconds, so the answer is kept for this process. */
function imports_modules(python: string, modules: readonly string[]): boolean {
  const what = `${python} ${modules.join(' ')}`;
  let known = seen.get(what);
  if (known === undefined) {
    const { status } = spawnSync(python, ['-c', `import ${modules.join(', ')}`], { stdio: 'ignore', timeout: 120_000 });
    known = status === 0;
    seen.set(what, known);
  }
  return known;
}

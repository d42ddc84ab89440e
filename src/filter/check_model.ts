/**
 * Compiles the author's own WGSL, before any kernel is made from it, so that what only the GPU's compiler can refuse is said at the author's line and not somewhere in a
 * generated text. The text that is compiled begins with the author's, as it stands; the declarations and the library functions that it calls come after it.
 */

import { library } from '../autodiff/library.ts';
import { SourceError } from '../autodiff/source_error.ts';
import { link_shader } from '../gpu/link.ts';
import type { ShaderTable } from '../gpu/shader_table.ts';
import { model_declarations } from '../model/declarations.ts';
import { check_derivatives } from '../model/derivatives.ts';
import { locate_error } from '../model/source_place.ts';
import type { Model } from '../model/types.ts';

/**
 * Throws a UserError with the model's file and line for the first mistake in its WGSL.
 *
 * @param rows of data, where the model is a log density that reads any and they are known
 */
export async function check_model_wgsl(
  gpu: GPUDevice,
  shaders: ShaderTable,
  model: Model,
  rows?: number,
): Promise<void> {
  // Says more than a compiler can, such as which name was meant.
  check_derivatives(model, rows);
  const own = `${without_imports(model.wgsl)}\n${model_declarations(model, rows)}`;
  const messages = await compile_errors(gpu, `${own}\n${await library_text(shaders, own)}`);
  const lines = model.wgsl.split('\n').length;
  const first = messages.find((m) => m.lineNum >= 1 && m.lineNum <= lines);
  if (!first) return;
  const what = `the GPU's compiler says: ${(first.message.split('\n', 1)[0] as string).replace(/\.$/, '')}`;
  throw locate_error(model, new SourceError(first.lineNum, first.linePos, what, 'Correct the WGSL there.'));
}

async function compile_errors(gpu: GPUDevice, code: string): Promise<GPUCompilationMessage[]> {
  gpu.pushErrorScope('validation');
  const module = gpu.createShaderModule({ label: 'langevin.filter.check_model', code });
  const info = await module.getCompilationInfo();
  await gpu.popErrorScope();
  return info.messages.filter((m) => m.type === 'error');
}

/** The author's imports are of library functions, which come anyway. Blanked, so that lines and columns stay. */
const without_imports = (wgsl: string) =>
  wgsl.replace(/^\s*import\s[^;]*;/gm, (statement) => statement.replace(/\S/g, ' '));

/** The last declaration of the linker's root module, after which it puts what the root imports. */
const end_of_root = 'const langevin_end_of_root = 0;';

/**
 * The library functions that a text calls, with all that they need. The linker prints anew whatever passes through it, which would move the author's lines; so the author's names
 * are stood for by constants, from which it keeps the library's own helpers apart.
 */
async function library_text(shaders: ShaderTable, own: string): Promise<string> {
  const declared = new Set(Array.from(own.matchAll(/\b(?:fn|const|struct|alias)\s+(\w+)/g), (m) => m[1] as string));
  const used = Object.entries(library).filter(([name]) => !declared.has(name) && new RegExp(`\\b${name}\\b`).test(own));
  const call = (name: string, signature: string) => `  ${name}(${signature.replace(/[^,]+/g, '1.0')});`;
  const root = [
    ...used.map(([name, { module }]) => `import package::lib::${module}::${name};`),
    ...Array.from(declared, (name) => `const ${name} = 0;`),
    `fn langevin_uses() {\n${used.map(([name, { signature }]) => call(name, signature)).join('\n')}\n}`,
    end_of_root,
  ].join('\n');
  const linked = await link_shader({ ...shaders, 'check_model.wgsl': root }, { kernel: 'check_model' });
  return linked.slice(linked.indexOf(end_of_root) + end_of_root.length);
}

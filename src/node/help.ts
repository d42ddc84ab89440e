/** Help texts, made from what the commands say of themselves. */

import type { Command } from './command.ts';

export function overview(commands: Readonly<Record<string, Command>>): string {
  const rows = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(10)} ${summary}`);
  return `langevin: Bayesian inference on WebGPU

  langevin COMMAND …        langevin COMMAND --help

${rows.join('\n')}

Start here:
  langevin smc2 sir --data influenza-1978
`;
}

export function command_help(name: string, command: Command): string {
  const entries = Object.entries(command.options).map(([option, { value, help }]) => {
    const left = `--${option}${value ? ` ${value}` : ''}`;
    return left.length > 24 ? `  ${left}\n  ${''.padEnd(24)} ${help}` : `  ${left.padEnd(24)} ${help}`;
  });
  const examples = command.examples.map((example) => `  langevin ${name} ${example}`.trimEnd());
  return `langevin ${name} ${command.usage}

${command.summary}

${entries.join('\n')}

Examples:
${examples.join('\n')}
`;
}

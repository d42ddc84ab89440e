/** What the stages say, in the words of the page: they advise as the command line does, by its options. */

import type { Setting } from './settings.ts';

/** An option, and what follows it as its value: a number, a name in capitals that stands for one, something with “=”, or a file; and all of a command that is spelt out. */
const options =
  /(?<command>langevin \w+ (?:\S+ )*?)?(?<![\w-])--(?<name>[a-z][a-z-]*)(?: (?<value>[^\s;()]*[^\s.,;:()]))?/g;
const is_plain_value = (text: string) => /^[\d.]|^[A-Z]+$|=|\.[a-z]+$/.test(text);

/** Options that are settings get the labels of these, with the value that is advised; of others it is said where they are. */
export function page_words(text: string, settings: readonly Setting[]): string {
  return text.replace(options, (whole, command: string | undefined, name: string, value: string | undefined) => {
    if (command !== undefined) return whole;
    const setting = settings.find((one) => (one.option ?? one.name) === name);
    const [own, rest] = value === undefined || is_value(value, setting) ? [value, ''] : [undefined, ` ${value}`];
    if (setting) return `“${setting.label}${own === undefined ? '' : `: ${own}`}”${rest}`;
    return `--${name}${own === undefined ? '' : ` ${own}`} (on the command line)${rest}`;
  });
}

function is_value(text: string, setting: Setting | undefined): boolean {
  if (setting?.kind === 'choice') return setting.options.some(([one]) => one === text);
  return setting?.kind === 'text' || is_plain_value(text);
}

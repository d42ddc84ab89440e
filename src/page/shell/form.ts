/** A form for the settings of a scene: plain ones in view, the rest behind “expert”. */

import { element } from '../dom.ts';
import { range_words, read_value, type Setting, type Value, type Values } from './settings.ts';

export interface Form {
  readonly plain: HTMLElement;
  readonly expert: HTMLElement;
}

/** @param changed told of every value that a person has chosen */
export function create_form(
  settings: readonly Setting[],
  values: Values,
  changed: (name: string, value: Value) => void,
): Form {
  const plain = element('div', { className: 'fields' });
  const expert = element('div', { className: 'fields' });
  for (const setting of settings) {
    const field = create_field(setting, values[setting.name] ?? setting.fallback, (value) =>
      changed(setting.name, value),
    );
    (setting.expert ? expert : plain).append(field);
  }
  return { plain, expert };
}

function create_field(setting: Setting, value: Value, changed: (value: Value) => void): HTMLElement {
  const id = `setting-${setting.name}`;
  const label = element('label', { htmlFor: id }, setting.label);
  const help = setting.help === undefined ? [] : [element('small', { id: `${id}-help` }, setting.help)];
  const control = create_control(setting, value, id, changed);
  if (help.length > 0) control.setAttribute('aria-describedby', `${id}-help`);
  return element('div', { className: 'field' }, label, control, ...help);
}

/** Milliseconds without a key after which a text is tried. */
const after_typing = 500;

function create_control(setting: Setting, value: Value, id: string, changed: (value: Value) => void): HTMLElement {
  switch (setting.kind) {
    case 'choice': {
      const select = element(
        'select',
        { id, name: setting.name },
        ...setting.options.map(([one, label]) => element('option', { value: one, selected: one === value }, label)),
      );
      select.addEventListener('change', () => changed(select.value));
      return select;
    }
    case 'flag': {
      const box = element('input', { id, name: setting.name, type: 'checkbox', checked: value === true });
      box.addEventListener('change', () => changed(box.checked));
      return box;
    }
    case 'text': {
      const named = { id, name: setting.name, spellcheck: false };
      const text =
        setting.rows === 1
          ? element('input', { ...named, type: 'text', className: 'words' })
          : element('textarea', { ...named, rows: setting.rows });
      text.value = String(value);
      let typed: ReturnType<typeof setTimeout> | undefined;
      const tell = () => {
        clearTimeout(typed);
        typed = undefined;
        changed(text.value);
      };
      text.addEventListener('input', () => {
        clearTimeout(typed);
        typed = setTimeout(tell, after_typing);
      });
      // Who leaves the box is done with it.
      text.addEventListener('change', () => {
        if (typed !== undefined) tell();
      });
      return text;
    }
    case 'number': {
      const input = element('input', { id, name: setting.name, type: 'text', inputMode: 'decimal' });
      input.value = String(value);
      input.addEventListener('change', () => {
        const read = read_value(setting, input.value.trim());
        input.setCustomValidity(read === undefined ? `${setting.label} must be ${range_words(setting)}.` : '');
        input.reportValidity();
        if (read !== undefined) changed(read);
      });
      return input;
    }
  }
}

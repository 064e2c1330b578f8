import { printable } from '../platform/printable.ts';

/** Markup that may stand in a page. Only `html` makes it, so that whatever else there is passes the escaping. */
export class Html {
  readonly text: string;

  /** For `html`, and for texts of our own that are markup as a whole, such as the style sheet. */
  constructor(text: string) {
    this.text = text;
  }
}

export type Part = Html | string | number | null | readonly Part[];

/** Markup of ours with values in it. Attributes have to be in double quotes. */
export function html(strings: TemplateStringsArray, ...values: readonly Part[]): Html {
  const parts = strings.flatMap((text, i) => [text, i < values.length ? markup(values[i]) : '']);
  return new Html(parts.join(''));
}

function markup(value: Part | undefined): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Html) return value.text;
  if (typeof value === 'object') return value.map(markup).join('');
  return escaped(String(value));
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** The one place at which a value becomes markup: as text, whatever it has been, and no longer than a person reads. */
export function escaped(value: string): string {
  return printable(value).replace(/[&<>"']/g, (char) => ENTITIES[char] ?? '');
}

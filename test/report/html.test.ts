import { parseFragment } from 'parse5';
import { expect, test } from 'vitest';
import { printable } from '../../src/platform/printable.ts';
import { escaped, html } from '../../src/report/html.ts';
import { HOSTILE } from './hostile-values.ts';
import { attribute, elementsOf, textOf } from './parsed.ts';

test('500 hostile values stay text, in elements and in attributes', () => {
  expect(HOSTILE).toHaveLength(500);
  for (const value of HOSTILE) {
    const { text } = html`<p title="${value}">${value}</p>`;
    const fragment = parseFragment(text);
    const elements = elementsOf(fragment);
    expect(elements.map(({ tagName }) => tagName)).toEqual(['p']);
    expect(textOf(fragment)).toBe(printable(value));
    expect(attribute(elements[0], 'title')).toBe(printable(value));
  }
});

test('nothing that moves a cursor or turns the reading direction comes through, and nothing longer than a person reads', () => {
  for (const value of HOSTILE) {
    const text = escaped(value);
    expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
    expect(text.length).toBeLessThan(301 * '\\u{e0041}'.length);
  }
});

test('markup of ours is put in as it is, lists one after the other, and nothing where there is none', () => {
  const items = ['a', '<b>'].map((text) => html`<li>${text}</li>`);
  expect(html`${items}${null}${1.5}`.text).toBe('<li>a</li><li>&lt;b&gt;</li>1.5');
});

import type { JsonValue } from '../load/query/json-values.ts';
import { html, type Html } from './html.ts';
import { counted, grouped, inCents } from './numbers.ts';
import type { Row } from './section.ts';

export type Column = {
  /** In the rows. */
  key: string;
  title: string;
  /** `word`: one of a few words of ours, which is not broken. */
  kind?: 'text' | 'word' | 'number' | 'amount' | 'instant' | 'severity' | 'code';
};

/** Rows that a person can sort and filter, cut where there are more than anybody reads. */
export function table(input: {
  caption: string;
  columns: readonly Column[];
  /** `total`, where they have it, is how many there are in all. */
  rows: readonly Row[];
  /** What shows all of them. */
  query?: string;
  /** What to say if there are none. */
  none: string;
}): Html {
  const { caption, columns, rows, query, none } = input;
  if (rows.length === 0)
    return html`<h3>${caption}</h3>
      <p class="none">${none}</p>`;
  const heads = columns.map(
    ({ title, kind = 'text' }) => html`<th scope="col" data-kind="${kind}">${title}</th>`,
  );
  const lines = rows.map(
    (row) =>
      html`<tr>
        ${columns.map((column) => cell(row, column))}
      </tr>`,
  );
  const total = Number(rows[0]?.['total'] ?? rows.length);
  return html`<div class="table" role="group" aria-label="${caption}" tabindex="0">
      <table>
        <caption>
          ${caption}
        </caption>
        <thead>
          <tr>
            ${heads}
          </tr>
        </thead>
        <tbody>
          ${lines}
        </tbody>
      </table>
    </div>
    ${total > rows.length ? more(total - rows.length, query) : null}`;
}

function more(count: number, query: string | undefined): Html {
  const how =
    query === undefined
      ? null
      : html`; to see all: <code class="query">auditlake query "${query}"</code>`;
  return html`<p class="more">${counted(count, 'more row')}${how}</p>`;
}

function cell(row: Row, { key, kind = 'text' }: Column): Html {
  const value = row[key] ?? null;
  if (value === null) return html`<td class="${kind} void">–</td>`;
  const text = textOf(value);
  if (kind === 'severity') {
    return html`<td><span class="severity ${severityClass(text)}">${text}</span></td>`;
  }
  return html`<td class="${kind}">${shownAs(kind, value, text)}</td>`;
}

function shownAs(kind: Column['kind'], value: JsonValue, text: string): string {
  if (kind === 'number') return grouped(Number(value));
  if (kind === 'amount') return inCents(Number(value));
  return kind === 'instant' ? shortInstant(text) : text;
}

function textOf(value: JsonValue): string {
  if (Array.isArray(value)) return value.map(textOf).join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** To the minute: `2026-11-30 02:11`. Everything in a report is UTC. */
export function shortInstant(instant: string): string {
  return instant.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d).*$/, '$1 $2');
}

function severityClass(text: string): string {
  return ['critical', 'high', 'medium', 'low'].includes(text) ? text : 'low';
}

import { span } from '../platform/time.ts';
import type { Vendor } from '../extract/declaration.ts';
import { grouped } from '../platform/grouped.ts';
import { code, table } from './markdown.ts';

/** What a vendor's streams read, one row each. Columns that would be empty are left out. */
export function streamTable({ streams }: Pick<Vendor, 'streams'>): string {
  const columns = [
    { head: 'stream', of: streams.map(({ name }) => code(name)) },
    { head: 'endpoint', of: streams.map(({ endpoint }) => code(endpoint)) },
    { head: 'brings', of: streams.map(({ brings }) => brings) },
    { head: 'kind', of: streams.map(({ kind }) => kind) },
    { head: 'since', of: streams.map(({ since }) => since ?? '') },
    { head: 'kept for', of: streams.map(({ keeps }) => (keeps === undefined ? '' : span(keeps))) },
    { head: 'takes', of: streams.map(({ needs }) => needs ?? '') },
  ].filter(({ of }) => of.some((cell) => cell !== ''));
  return table(
    columns.map(({ head }) => head),
    streams.map((_, i) => columns.map(({ of }) => of[i] ?? '')),
  );
}

/** Where readers look for what no document says. What several streams have in common stands in one row. */
export function unknownTable({ streams }: Pick<Vendor, 'streams'>): string {
  const all = streams.flatMap(({ name, unknowns }) =>
    unknowns.map(({ what, places }) => ({ name, what, places: places.filter((at) => at !== '') })),
  );
  const rows = grouped(all, ({ what, places }) => [what, ...places].join(' ')).values();
  return table(
    ['what', 'streams', 'looked for as'],
    [...rows].map((same) => [
      same[0]?.what ?? '',
      someOf(same.map(({ name }) => code(name))),
      same[0]?.places.map(code).join(', ') ?? '',
    ]),
  );
}

function someOf(names: readonly string[]): string {
  const first = names.slice(0, 3).join(', ');
  return names.length <= 3 ? first : `${first} and ${names.length - 3} more`;
}

/** What is known of how long vendors keep what they serve, the shortest first. */
export function retentionTable(vendors: readonly Pick<Vendor, 'title' | 'streams'>[]): string {
  const rows = vendors.flatMap(({ title, streams }) => {
    const kept = new Set(streams.flatMap(({ keeps }) => keeps ?? []));
    return [...kept].map((keeps) => {
      const names = streams
        .filter((stream) => stream.keeps === keeps)
        .map(({ name }) => code(name));
      return { keeps, cells: [title, names.join(', '), span(keeps)] };
    });
  });
  const sorted = rows.toSorted((one, other) => one.keeps - other.keeps);
  return table(
    ['vendor', 'streams', 'kept for'],
    sorted.map(({ cells }) => cells),
  );
}

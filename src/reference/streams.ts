import { span } from '../platform/time.ts';
import type { Vendor } from '../extract/declaration.ts';
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

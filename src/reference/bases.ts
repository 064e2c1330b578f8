import { BASES } from '../model.ts';
import { type MappedVendor, transformOf } from '../transform/transform.ts';
import { code, table } from './markdown.ts';

/** What the amounts of each vendor stand on, one row per vendor and basis, by the streams that bring them. */
export function basesTable(vendors: readonly (MappedVendor & { title: string })[]): string {
  const { measures } = transformOf(vendors);
  const rows = vendors.flatMap(({ type, title }) =>
    BASES.flatMap((basis) => {
      const of = measures.filter((measure) => measure.vendor === type && measure.basis === basis);
      const figures = of.map(({ stream, metric }) => `${code(stream)} ${code(metric)}`);
      return of.length === 0 ? [] : [[title, code(basis), [...new Set(figures)].join(', ')]];
    }),
  );
  return table(['vendor', 'basis', 'figures that are parts of it'], rows);
}

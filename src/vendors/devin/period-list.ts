import { readRow } from '../../extract/record.ts';
import { sliceList } from '../../extract/slice/json.ts';
import type { SourceRecord, Window } from '../../model.ts';

/** A list of periods, each keyed by when it begins: Unix time in the field `begins`. */
export function parsePeriods(
  body: Buffer,
  list: string,
  begins: string,
): { records: SourceRecord[] } {
  const { records } = sliceList(body, [list]);
  return {
    records: records.map((bytes) => {
      const { time } = readRow(bytes, { id: [], time: [begins] });
      return { bytes, key: time === null ? 'undated' : new Date(time).toISOString(), time };
    }),
  };
}

/** Those that were asked for, since the bounds' meaning is not stated, under the key of the part they belong to. */
export function periodsOf(
  part: string,
  records: readonly SourceRecord[],
  { from, to }: Window,
): SourceRecord[] {
  return records
    .filter(({ time }) => time === null || (time >= from && time < to))
    .map((record) => ({ ...record, key: `${part}/${record.key}` }));
}

import { readRow } from '../../extract/record.ts';
import { sliceList } from '../../extract/slice/json.ts';
import { askedPeriods } from '../../extract/asked-periods.ts';
import type { Period, SourceRecord, Window } from '../../model.ts';
import { iso } from '../../platform/time.ts';

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
      return { bytes, key: time === null ? 'undated' : iso(time), time };
    }),
  };
}

/** Those that were asked for, under the key of the part they belong to. */
export function periodsOf(
  part: string,
  records: readonly SourceRecord[],
  range: Window,
  period: Period,
): SourceRecord[] {
  return askedPeriods(records, range, period).map((record) => ({
    ...record,
    key: `${part}/${record.key}`,
  }));
}

import type { StatusDocument } from '../../documents/status.ts';
import { DAY, isoDay } from '../../platform/time.ts';
import type { Scope } from '../../report/scope.ts';
import type { Subject } from '../../report/section.ts';

const SOURCES = 'select source from sources_in';

/** What `status` says, of the sources and days that the report is about. Alarms and causes stay: they are as of now. */
export async function coveredIn(
  status: StatusDocument,
  scope: Scope,
  ask: Subject['ask'],
): Promise<StatusDocument> {
  if (scope.vendor === null) return { ...status, coverage: within(status.coverage ?? [], scope) };
  const sources = new Set((await ask(SOURCES)).map(({ source }) => source));
  const isWanted = ({ source }: { source: string }): boolean => sources.has(source);
  const { diagnosis, streams, alarms, coverage = [] } = status;
  return {
    ...status,
    diagnosis: {
      ...diagnosis,
      causes: diagnosis.causes.filter(
        ({ subject, streams: of }) => of.length === 0 || sources.has(subject),
      ),
    },
    streams: streams.filter(({ stream }) => sources.has(stream.slice(0, stream.indexOf('/')))),
    alarms: alarms.filter(isWanted),
    coverage: within(coverage.filter(isWanted), scope),
  };
}

type Ranges = NonNullable<StatusDocument['coverage']>;

/** The days of the report; `status` knows no end. */
function within(ranges: Ranges, scope: Scope): Ranges {
  const end = isoDay(scope.to - 1);
  return ranges.flatMap((range) => {
    if (range.from > end) return [];
    if (range.to <= end) return [range];
    const days = (Date.parse(end) - Date.parse(range.from)) / DAY + 1;
    return [{ ...range, to: end, days }];
  });
}

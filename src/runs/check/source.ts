import type { SourceConfig } from '../../config/sources.ts';
import type { Endpoint, Finding } from '../../documents/check.ts';
import { EXIT } from '../../errors.ts';
import type { SourceReader, StreamReader } from '../../extract/port.ts';
import { EMPTY_CURSOR, isPartEnd, type Millis, type OpenWindow } from '../../model.ts';
import type { Report } from '../../platform/progress.ts';
import type { Context } from '../context.ts';
import { fine, problem } from './finding.ts';
import { MetUnknowns } from './met-unknowns.ts';
import { endOf } from '../outcome.ts';
import { isRequired, withSource } from '../sources.ts';
import { NOTHING_REACHED, windowPlan } from '../window-plan.ts';
import { DAY } from '../../platform/time.ts';

const CLOCK_TOLERANCE_MS = 60_000;

/** Asks every endpoint of a source for one page of the last week. */
export async function checkSource(
  source: SourceConfig,
  context: Context,
  report: Report,
): Promise<{ findings: Finding[]; endpoints: Endpoint[] }> {
  const { output, now } = context;
  const { name } = source;
  const findings: Finding[] = [];
  const endpoints: Endpoint[] = [];
  try {
    const met = new MetUnknowns();
    const look = async (reader: SourceReader): Promise<void> => {
      const { organizationId, vendorNow } = await reader.identify(null);
      findings.push(fine(name, `token accepted, organization ${organizationId.trim()}`));
      findings.push(...checkClock(name, now(), vendorNow));
      for (const stream of reader.streams) {
        report({ what: `${name}/${stream.name}` });
        met.watch(stream);
        endpoints.push(await checkEndpoint(context, { source, stream, vendorNow }));
      }
      await reader.crossCheck();
      for (const { code, what } of reader.observed().quirks) {
        findings.push(fine(`${name}: met`, `${code}: ${what}`));
      }
      findings.push(...met.lines().map((line) => fine(`${name}: met`, line)));
    };
    await withSource(context, source, look, met.add);
  } catch (failure) {
    // What was found before stands.
    const { error, exit } = endOf(failure);
    if (error?.code === 'defect') output.log.error({ err: failure }, 'a defect: please report it');
    findings.push(problem(name, error?.message ?? '', error?.hint ?? '', exit));
  }
  return { findings, endpoints };
}

function checkClock(source: string, ourNow: Millis, vendorNow: Millis | null): Finding[] {
  const skew = vendorNow === null ? 0 : ourNow - vendorNow;
  if (Math.abs(skew) <= CLOCK_TOLERANCE_MS) return [];
  const seconds = Math.round(Math.abs(skew) / 1000);
  return [
    problem(
      `${source}: clock`,
      `ours is ${seconds} s ${skew > 0 ? 'ahead of' : 'behind'} the vendor's`,
      'let this machine keep its time by NTP; until then windows end at the earlier of both clocks',
      EXIT.complete,
    ),
  ];
}

async function checkEndpoint(
  { config, output, now }: Context,
  at: {
    source: SourceConfig;
    stream: StreamReader;
    vendorNow: Millis | null;
  },
): Promise<Endpoint> {
  const { source, stream, vendorNow } = at;
  const { endpoint, since, needs } = stream;
  const about = { source: source.name, stream: stream.name, endpoint, since, needs };
  const ourNow = now();
  const { windows } = windowPlan(stream, EMPTY_CURSOR, config, {
    ...NOTHING_REACHED,
    start: ourNow - 7 * DAY,
    ourNow,
    vendorNow,
  });
  try {
    const detail = await firstPage(stream, windows[0] ?? null);
    return { ...about, available: true, detail, hint: '', exit: EXIT.complete };
  } catch (failure) {
    const facts = { required: isRequired(source, stream), workedBefore: false, needs };
    const { error, exit } = endOf(failure, facts);
    if (error?.code === 'defect') output.log.error({ err: failure }, 'a defect: please report it');
    const { message: detail = '', hint = '' } = error ?? {};
    return { ...about, available: false, detail, hint, exit };
  }
}

async function firstPage(stream: StreamReader, window: OpenWindow | null): Promise<string> {
  for await (const page of stream.read(window)) {
    if (!isPartEnd(page)) return `${page.note.records} on the first page`;
  }
  return 'nothing to read';
}

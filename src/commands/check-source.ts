import type { Context } from '../runs/context.ts';
import { openSource } from '../runs/open-source.ts';
import type { SourceConfig } from '../config/sources.ts';
import { AuditlakeError, EXIT, type ExitCode, VendorError } from '../errors.ts';
import { DAY } from '../extract/periods.ts';
import type { SourceReader, StreamReader } from '../extract/port.ts';
import { EMPTY_CURSOR, isPartEnd } from '../model.ts';
import { planFor } from '../runs/plan.ts';
import { hintFor } from '../runs/stream-outcome.ts';

/** One thing that was looked at. */
export type Finding = {
  subject: string;
  ok: boolean;
  detail: string;
  hint: string;
  exit: ExitCode;
};

/** What an endpoint answered: `since` is the vendor's version that brings it, null if not stated. */
export type Endpoint = {
  source: string;
  stream: string;
  endpoint: string;
  since: string | null;
  needs: string | null;
  available: boolean;
  detail: string;
  hint: string;
  exit: ExitCode;
};

const CLOCK_TOLERANCE_MS = 60_000;

/** Asks every endpoint of a source for one page of the last week. */
export async function checkSource(
  source: SourceConfig,
  context: Context,
): Promise<{ findings: Finding[]; endpoints: Endpoint[] }> {
  const reader = openSource(context, source);
  const findings: Finding[] = [];
  const endpoints: Endpoint[] = [];
  try {
    const { organizationId, vendorNow } = await reader.identify(null);
    findings.push(fine(reader.source, `token accepted, organization ${organizationId.trim()}`));
    const skew = vendorNow === null ? 0 : context.now() - vendorNow;
    if (Math.abs(skew) > CLOCK_TOLERANCE_MS) {
      findings.push({
        subject: `${reader.source}: clock`,
        ok: false,
        detail: `ours is ${Math.round(Math.abs(skew) / 1000)} s ${skew > 0 ? 'ahead of' : 'behind'} the vendor's`,
        hint: 'let this machine keep its time by NTP; until then windows end at the earlier of both clocks',
        exit: EXIT.complete,
      });
    }
    for (const stream of reader.streams) {
      context.output.progress(`check: ${source.name}/${stream.name}`);
      endpoints.push(await checkEndpoint(reader, stream, source, vendorNow, context));
    }
    await reader.crossCheck();
    for (const { code, what } of reader.observed().quirks) {
      findings.push(fine(`${reader.source}: met`, `${code}: ${what}`));
    }
  } catch (error) {
    if (!(error instanceof AuditlakeError)) throw error;
    const { message, hint, exit } = error;
    // What was found before stands.
    findings.push({ subject: source.name, ok: false, detail: message, hint, exit });
  } finally {
    await reader.close();
  }
  return { findings, endpoints };
}

async function checkEndpoint(
  reader: SourceReader,
  stream: StreamReader,
  source: SourceConfig,
  vendorNow: number | null,
  context: Context,
): Promise<Endpoint> {
  const { endpoint, since, needs } = stream;
  const about = { source: reader.source, stream: stream.name, endpoint, since, needs };
  const ourNow = context.now();
  const plan = planFor(stream, EMPTY_CURSOR, context.config, {
    start: ourNow - 7 * DAY,
    ourNow,
    vendorNow,
  });
  try {
    const detail = await firstPage(stream, plan.windows[0] ?? null);
    return { ...about, available: true, detail, hint: '', exit: EXIT.complete };
  } catch (error) {
    if (!(error instanceof AuditlakeError)) throw error;
    const isNo =
      error instanceof VendorError && (error.fault === 'forbidden' || error.fault === 'absent');
    const exit = isNo && !source.required.includes(stream.name) ? EXIT.complete : error.exit;
    const hint = hintFor(error, stream);
    return { ...about, available: false, detail: error.message, hint, exit };
  }
}

async function firstPage(
  stream: StreamReader,
  window: Parameters<StreamReader['read']>[0],
): Promise<string> {
  for await (const page of stream.read(window)) {
    if (!isPartEnd(page)) return `${page.note.records} on the first page`;
  }
  return 'nothing to read';
}

/** A finding that is as it should be. */
export function fine(subject: string, detail: string): Finding {
  return { subject, ok: true, detail, hint: '', exit: EXIT.complete };
}

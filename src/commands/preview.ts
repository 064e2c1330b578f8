import { requestLine } from '../extract/target.ts';
import type { Context } from '../runs/context.ts';
import { openSource } from '../runs/open-source.ts';
import { EXIT, type ExitCode, worstExit } from '../errors.ts';
import type { StreamReader } from '../extract/port.ts';
import { isPartEnd, KINDS, type OpenWindow } from '../model.ts';
import { planFor } from '../runs/plan.ts';
import { printable } from '../platform/printable.ts';
import { Archive } from '../state/archive.ts';
import { judge } from '../runs/stream-outcome.ts';
import { selection } from '../runs/run-job.ts';

const RECORDS_SHOWN = 3;

/** One page per stream, from where a sync would go on; shows what would be stored and writes nothing. */
export async function previewCommand(
  context: Context,
  selected: readonly string[],
): Promise<ExitCode> {
  const wants = selection(context, selected);
  const archive = await Archive.openForReading(context.layout);
  const streams: unknown[] = [];
  const exits: ExitCode[] = [];
  for (const source of context.config.sources.filter(({ name }) => wants.source(name))) {
    const reader = openSource(context, source);
    try {
      const { vendorNow } = await reader.identify(
        archive.ledger.state.organizations[source.name] ?? null,
      );
      for (const stream of reader.streams.filter((s) => wants.stream(source.name, s.name))) {
        const cursor = archive.ledger.cursor(source.name, stream.name);
        const plan = planFor(stream, cursor, context.config, {
          start: source.start,
          ourNow: context.now(),
          vendorNow,
        });
        try {
          const shown = await firstPage(stream, plan.windows[0] ?? null);
          streams.push({ source: source.name, stream: stream.name, ...shown });
        } catch (error) {
          const verdict = judge(error, { ...stream, workedBefore: false });
          exits.push(verdict.exit);
          streams.push({ source: source.name, stream: stream.name, error: verdict.error });
        }
      }
    } finally {
      await reader.close();
    }
  }
  if (context.json) context.output.line(JSON.stringify({ version: 1, streams }));
  else for (const stream of streams) showStream(context, stream as Shown);
  context.output.say('preview: nothing was written');
  return exits.length === 0 ? EXIT.complete : worstExit(exits);
}

type Shown = {
  source: string;
  stream: string;
  request?: string;
  records?: number;
  samples?: string[];
  error?: { message: string; hint: string };
};

async function firstPage(
  stream: StreamReader,
  window: OpenWindow | null,
): Promise<{ request: string | null; records: number; samples: string[] }> {
  if (KINDS[stream.kind].hasWindows && window === null)
    return { request: null, records: 0, samples: [] };
  for await (const page of stream.read(window)) {
    if (isPartEnd(page)) continue;
    return {
      request: page.note.request,
      records: page.records.length,
      samples: page.records.slice(0, RECORDS_SHOWN).map((record) => record.bytes.toString('utf8')),
    };
  }
  return { request: null, records: 0, samples: [] };
}

function showStream({ output }: Context, shown: Shown): void {
  output.line(`${shown.source}/${shown.stream}`);
  if (shown.error !== undefined) {
    output.line(`  ${printable(shown.error.message)}\n  what to do: ${shown.error.hint}`);
    return;
  }
  const { request, records = 0 } = shown;
  const asked = request === undefined || request === null ? 'nothing to ask' : requestLine(request);
  output.line(`  ${asked}: ${records} records`);
  for (const sample of shown.samples ?? []) output.line(`    ${printable(sample, 160)}`);
}

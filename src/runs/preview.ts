import type { SourceConfig } from '../config/sources.ts';
import type { PreviewDocument, PreviewedStream } from '../documents/preview.ts';
import { EXIT } from '../errors.ts';
import type { StreamReader } from '../extract/port.ts';
import { isPartEnd, KINDS, type Millis, type OpenWindow } from '../model.ts';
import { Archive } from '../state/archive.ts';
import { streamKey } from '../state/carried.ts';
import { organizationOf } from '../state/ledger-state.ts';
import type { Context } from './context.ts';
import { endOf, type Piece, worstExit } from './outcome.ts';
import type { Done } from './run-streams.ts';
import { isRequired, selectStreams, withSource } from './sources.ts';
import { reachedOf, windowPlan } from './window-plan.ts';

const SAMPLES = 3;

/** One page per stream, from where a sync would go on: what would be stored. Writes nothing and takes no lock. */
export async function preview(
  context: Context,
  selected: readonly string[],
): Promise<Done<PreviewDocument>> {
  const { config, layout } = context;
  const wants = selectStreams(context, selected);
  const archive = await Archive.openForReading(layout);
  const pieces: Piece<PreviewedStream>[] = [];
  for (const source of config.sources.filter(({ name }) => wants.source(name))) {
    await withSource(context, source, async (reader) => {
      const known = organizationOf(archive.ledger.state, source.name);
      const streams = reader.streams.filter((each) => wants.stream(source.name, each.name));
      // One account that is refused hides no other.
      const account = await reader.identify(known).catch((failure: unknown) => ({ failure }));
      for (const stream of streams) {
        pieces.push(
          'failure' in account
            ? failedPiece({ source, stream, archive }, account.failure, true)
            : await previewStream(context, { source, stream, archive, ...account }),
        );
      }
    });
  }
  return {
    document: { version: 1, streams: pieces.map(({ report }) => report) },
    exit: worstExit(pieces.map(({ exit }) => exit)),
  };
}

async function previewStream(
  { config, now }: Context,
  at: {
    source: SourceConfig;
    stream: StreamReader;
    archive: Archive;
    vendorNow: Millis | null;
  },
): Promise<Piece<PreviewedStream>> {
  const { source, stream, vendorNow, archive } = at;
  const named = { source: source.name, stream: stream.name };
  const cursor = archive.ledger.cursor(named.source, named.stream);
  const { windows } = windowPlan(stream, cursor, config, {
    ...reachedOf(archive.ledger.state, named.source, named.stream),
    start: source.start,
    ourNow: now(),
    vendorNow,
  });
  try {
    const page = await firstPage(stream, windows[0] ?? null);
    return { report: { ...named, ...page }, exit: EXIT.complete };
  } catch (failure) {
    return failedPiece(at, failure, isRequired(source, stream));
  }
}

/** By the same rule as in a run: what was read before must not be missing now. */
function failedPiece(
  { source, stream, archive }: { source: SourceConfig; stream: StreamReader; archive: Archive },
  failure: unknown,
  required: boolean,
): Piece<PreviewedStream> {
  const named = { source: source.name, stream: stream.name };
  const workedBefore =
    archive.ledger.state.cursors[streamKey(named.source, named.stream)] !== undefined;
  const { exit, error } = endOf(failure, { required, workedBefore, needs: stream.needs });
  return { report: error === null ? { ...named, ...NOTHING } : { ...named, error }, exit };
}

type FirstPage = { request: string | null; records: number; samples: string[] };

const NOTHING: FirstPage = { request: null, records: 0, samples: [] };

async function firstPage(stream: StreamReader, window: OpenWindow | null): Promise<FirstPage> {
  if (KINDS[stream.kind].hasWindows && window === null) return NOTHING;
  for await (const page of stream.read(window)) {
    if (isPartEnd(page)) continue;
    const { note, records } = page;
    const samples = records.slice(0, SAMPLES).map(({ bytes }) => bytes.toString('utf8'));
    return { request: note.request, records: records.length, samples };
  }
  return NOTHING;
}

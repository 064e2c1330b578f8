import type { LakeResult, SinkResult, WarehouseResult } from '../documents/common.ts';
import type { RunDocument, StreamDocument } from '../documents/run.ts';
import { grouped } from '../platform/grouped.ts';
import { minuteText } from '../platform/time.ts';
import { diagnosisLines } from './diagnosis-lines.ts';
import { keptOutLines, partLines } from './part-lines.ts';
import { table } from './table.ts';
import { unavailableLines } from './unavailable-lines.ts';
import { counted, plural } from '../platform/counted.ts';

type RunScreen = {
  home: string;
  /** How long the user has waited. */
  ms: number;
  /** Every stream, also one that has nothing new. */
  isVerbose: boolean;
};

/** What a person wants to read after a run: what is wrong, what is new, where it is. */
export function runScreen(document: RunDocument, { home, ms, isVerbose }: RunScreen): string {
  const { streams, sinks, outcome, diagnosis } = document;
  const news = streams.filter(isNews);
  const shown = isVerbose ? streams : news.length > MOST_SHOWN ? [] : news;
  return [
    ...diagnosisLines(diagnosis),
    ...(shown.length === 0 ? [] : [streamTable(shown, isVerbose), '']),
    ...unavailableLines(
      streams
        .filter(({ outcome: ended }) => ended === 'unavailable')
        .map(({ source, stream, error }) => ({ stream: `${source}/${stream}`, error })),
    ),
    ...streams.flatMap(({ source, stream, parts, pruned_records: pruned }) => [
      ...partLines(`${source}/${stream}`, parts),
      ...keptOutLines(`${source}/${stream}`, pruned),
    ]),
    ...[...grouped(streams, ({ source }) => source)].map(([source, of]) => sourceLine(source, of)),
    ...derivedLines(document),
    ...sinkLines(sinks),
    ...(news.length > shown.length
      ? [
          `${counted(news.length, 'stream')} brought something new; \`auditlake status --verbose\` lists them`,
        ]
      : []),
    `run ${outcome} in ${(ms / 1000).toFixed(1)} s, everything in ${home}`,
  ].join('\n');
}

/** More is no news of one stream, but of all: a first run. */
const MOST_SHOWN = 20;

/** What failed is among the causes. */
function isNews({ new_records, changed_records }: StreamDocument): boolean {
  return new_records + changed_records > 0;
}

/** Fits a terminal of 80 columns, unless everything is wanted. */
function streamTable(streams: readonly StreamDocument[], isVerbose: boolean): string {
  const more = (...cells: string[]): string[] => (isVerbose ? cells : []);
  return table(
    ['stream', 'outcome', 'records', 'new', 'changed', ...more('requests', 'read up to')],
    streams.map((stream) => [
      `${stream.source}/${stream.stream}`,
      stream.outcome,
      String(stream.records),
      String(stream.new_records),
      String(stream.changed_records),
      ...more(String(stream.requests), minuteText(stream.watermark)),
    ]),
  );
}

/** A source in one line. */
function sourceLine(source: string, streams: readonly StreamDocument[]): string {
  const sum = (of: (stream: StreamDocument) => number): number =>
    streams.reduce((total, stream) => total + of(stream), 0);
  const fresh = sum((stream) => stream.new_records);
  const changed = sum((stream) => stream.changed_records);
  const counts = [
    ...(fresh > 0 ? [`${fresh} new`] : []),
    ...(changed > 0 ? [`${changed} changed`] : []),
  ];
  const news =
    counts.length === 0
      ? 'nothing new'
      : `${counts.join(' and ')} ${plural(fresh + changed, 'record')}`;
  const complete = streams.filter(({ outcome }) => outcome === 'complete').length;
  return `${source}: ${news}; ${complete} of ${counted(streams.length, 'stream')} read to the end`;
}

type Derived = { warehouse: WarehouseResult; lake: LakeResult | null };

/** What was made from the archive, a line each; what could not be made is among the causes. */
export function derivedLines({ warehouse, lake }: Derived): string[] {
  const loaded = `${counted(warehouse.rows, 'row')} loaded, now at seq ${warehouse.seq}`;
  const lines = [derivedLine('warehouse', warehouse, loaded)];
  if (lake === null) return lines;
  const { files, removed = 0, seq } = lake;
  const gone = removed === 0 ? '' : `, ${removed} removed`;
  return [
    ...lines,
    derivedLine('lake', lake, `${counted(files, 'file')} written${gone}, at seq ${seq}`),
  ];
}

function derivedLine(
  name: string,
  { seq, error }: { seq: number | null; error?: string | undefined },
  news: string,
): string {
  if (error !== undefined) return `${name}: not updated; everything is archived`;
  return `${name}: ${seq === null ? 'nothing new' : news}`;
}

/** What was delivered, a line for each sink; why one lacks something is among the causes. */
export function sinkLines(sinks: readonly SinkResult[]): string[] {
  return sinks.map(({ sink, rows, unwanted = 0, seq, lag, set_aside }) => {
    const refused = set_aside === 0 ? '' : `, ${set_aside} refused: see the table anomalies`;
    const left = unwanted === 0 ? '' : `, ${unwanted} left out by its options`;
    return `${sink}: ${rows} delivered${left}${refused}, now at seq ${seq}${lag === 0 ? '' : `, ${lag} behind`}`;
  });
}

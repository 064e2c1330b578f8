import type { LakeResult, SinkResult, WarehouseResult } from '../documents/common.ts';
import type { RunDocument } from '../documents/run.ts';
import { printable } from '../platform/printable.ts';
import { keptOutLines, partLines } from './part-lines.ts';
import { table } from './table.ts';

const HEADER = ['stream', 'outcome', 'requests', 'records', 'new', 'changed', ''];

/** What a person wants to read after a run. */
export function runScreen(document: RunDocument, home: string): string {
  const { streams, sinks, outcome, started_at, finished_at } = document;
  const rows = streams.map((stream) => [
    `${stream.source}/${stream.stream}`,
    stream.outcome,
    String(stream.requests),
    String(stream.records),
    String(stream.new_records),
    String(stream.changed_records),
    stream.watermark === null ? '' : `read up to ${stream.watermark}`,
  ]);
  const seconds = ((Date.parse(finished_at) - Date.parse(started_at)) / 1000).toFixed(1);
  const errors = streams.flatMap(({ source, stream, error, parts, pruned_records: pruned }) => [
    ...(error === undefined
      ? []
      : [`${source}/${stream}: ${printable(error.message, 500)}`, `  what to do: ${error.hint}`]),
    ...partLines(`${source}/${stream}`, parts),
    ...keptOutLines(`${source}/${stream}`, pruned),
  ]);
  return [
    table(HEADER, rows),
    '',
    ...errors,
    ...derivedLines(document),
    ...sinkLines(sinks),
    `run ${outcome} in ${seconds} s, everything in ${home}`,
  ].join('\n');
}

type Derived = { warehouse: WarehouseResult; lake: LakeResult | null };

/** What was made from the archive, a line each. */
export function derivedLines({ warehouse, lake }: Derived): string[] {
  const loaded = `${warehouse.rows} rows loaded, now at seq ${warehouse.seq}`;
  const lines = [derivedLine('warehouse', warehouse, loaded)];
  if (lake === null) return lines;
  return [...lines, derivedLine('lake', lake, `${lake.files} files written, at seq ${lake.seq}`)];
}

function derivedLine(
  name: string,
  { seq, outcome, error }: { seq: number | null; outcome: string; error?: string | undefined },
  news: string,
): string {
  if (error !== undefined) {
    const later =
      outcome === 'failed' ? 'please report it with the log' : 'the next run catches up';
    return `${name}: not updated (${printable(error.replaceAll(/\s+/g, ' '))}); everything is archived, ${later}`;
  }
  return `${name}: ${seq === null ? 'nothing new' : news}`;
}

/** What was delivered, a line or two for each sink. */
export function sinkLines(sinks: readonly SinkResult[]): string[] {
  return sinks.flatMap(({ sink, outcome, rows, seq, lag, set_aside, error }) => {
    const refused = set_aside === 0 ? '' : `, ${set_aside} refused: see the table anomalies`;
    const all = `${sink}: ${rows} delivered${refused}, now at seq ${seq}`;
    if (outcome === 'complete' || error === undefined) return [all];
    return [
      `${all}, ${lag} behind: ${printable(error.message, 500)}`,
      `  what to do: ${printable(error.hint, 500)}`,
    ];
  });
}

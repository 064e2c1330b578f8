import { worstExit } from '../errors.ts';
import type { StreamResult } from '../model.ts';
import { printable } from '../platform/printable.ts';
import type { SinkResult } from '../runs/deliver/delivery.ts';
import type { RunReport } from '../runs/run.ts';
import type { Context } from '../runs/context.ts';
import type { Executed } from '../runs/execute.ts';
import { deliveredScreen, deliveryExits, sinksJson } from './deliveries.ts';
import { overall } from '../runs/outcome.ts';
import { type Derived, exitOf, type Made } from '../runs/derived.ts';
import { table } from './table.ts';

/** Prints what a run did; into the log where rows go to standard output. */
export function showReport(
  { output, json, config }: Context,
  { report, derived, delivered, rowsOnStdout }: Executed,
): void {
  if (rowsOnStdout) {
    output.log.info({ report: reportJson(report, derived, delivered) }, 'the run is over');
  } else if (json) output.line(JSON.stringify(reportJson(report, derived, delivered)));
  else output.line(reportScreen(report, derived, config.home, delivered));
}

/** The document of `sync --json`, version 1. */
export function reportJson(
  report: RunReport,
  derived: Derived,
  delivered: readonly SinkResult[] = [],
): object {
  const exit = worstExit([exitOf(derived), ...deliveryExits(delivered)]);
  return {
    version: 1,
    run_id: report.run_id,
    outcome: overall(report.outcome, exit),
    started_at: iso(report.started_at),
    finished_at: iso(report.finished_at),
    streams: report.streams.map(streamJson),
    sinks: sinksJson(delivered),
    quirks: report.quirks,
    head: report.head,
    ...derivedJson(derived),
  };
}

/** What was made from the archive, as it stands in every document. */
export function derivedJson({ warehouse, lake }: Derived): object {
  return {
    warehouse: { rows: 0, seq: null, ...madeJson(warehouse) },
    lake: lake === null ? null : { files: 0, rows: 0, seq: null, ...madeJson(lake) },
  };
}

function madeJson<T extends object>({ result, exit, error, ms }: Made<T>): object {
  return {
    outcome: overall('complete', exit),
    ms,
    ...result,
    ...(error === null ? {} : { error }),
  };
}

function streamJson(result: StreamResult): unknown {
  const { window, watermark } = result;
  return {
    ...result,
    window: window === null ? null : { from: iso(window.from), to: iso(window.to) },
    watermark: watermark === null ? null : iso(watermark),
  };
}

/** What a person wants to read after a run. */
export function reportScreen(
  report: RunReport,
  derived: Derived,
  home: string,
  delivered: readonly SinkResult[] = [],
): string {
  const rows = report.streams.map((result) => [
    `${result.source}/${result.stream}`,
    result.outcome,
    String(result.requests),
    String(result.records),
    String(result.new_records),
    String(result.changed_records),
    result.watermark === null ? '' : `read up to ${iso(result.watermark)}`,
  ]);
  const header = ['stream', 'outcome', 'requests', 'records', 'new', 'changed', ''];
  const seconds = ((report.finished_at - report.started_at) / 1000).toFixed(1);
  const troubles = report.streams.flatMap(({ source, stream, error }) =>
    error === undefined
      ? []
      : [`${source}/${stream}: ${printable(error.message, 500)}`, `  what to do: ${error.hint}`],
  );
  return [
    table(header, rows),
    '',
    ...troubles,
    ...derivedScreen(derived),
    ...deliveredScreen(delivered),
    `run ${report.outcome} in ${seconds} s, everything in ${home}`,
  ].join('\n');
}

/** What was made from the archive, a line each. */
export function derivedScreen({ warehouse, lake }: Derived): string[] {
  const lines = [
    screenOf('warehouse', warehouse, ({ rows, seq }) => `${rows} rows loaded, now at seq ${seq}`),
  ];
  if (lake === null) return lines;
  const written = screenOf(
    'lake',
    lake,
    ({ files, seq }) => `${files} files written, at seq ${seq}`,
  );
  return [...lines, written];
}

function screenOf<T>(name: string, { result, error }: Made<T>, say: (result: T) => string): string {
  if (error !== null) {
    return `${name}: not updated (${printable(error)}); everything is archived, the next run catches up`;
  }
  return `${name}: ${result === null ? 'nothing new' : say(result)}`;
}

function iso(at: number): string {
  return new Date(at).toISOString();
}

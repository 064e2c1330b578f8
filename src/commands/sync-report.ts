import type { StreamResult } from '../model.ts';
import { printable } from '../printable.ts';
import type { SyncReport } from '../sync.ts';
import type { Loaded } from './sync.ts';
import { table } from './table.ts';

/** The document of `sync --json`, version 1. */
export function reportJson(report: SyncReport, loaded: Loaded): unknown {
  return {
    version: 1,
    run_id: report.run_id,
    outcome: loaded.error === null ? report.outcome : 'failed',
    started_at: iso(report.started_at),
    finished_at: iso(report.finished_at),
    streams: report.streams.map(streamJson),
    sinks: [],
    warehouse: {
      outcome: loaded.error === null ? 'complete' : 'failed',
      rows: loaded.result?.rows ?? 0,
      seq: loaded.result?.seq ?? null,
      ...(loaded.error === null ? {} : { error: loaded.error }),
    },
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
export function reportScreen(report: SyncReport, loaded: Loaded, home: string): string {
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
  const warehouse =
    loaded.error !== null
      ? `warehouse: not updated (${printable(loaded.error)}); everything is archived, the next run catches up`
      : loaded.result === null
        ? 'warehouse: nothing new'
        : `warehouse: ${loaded.result.rows} rows loaded, now at seq ${loaded.result.seq}`;
  return [
    table(header, rows),
    '',
    ...troubles,
    warehouse,
    `run ${report.outcome} in ${seconds} s, archive and warehouse in ${home}`,
  ].join('\n');
}

function iso(at: number): string {
  return new Date(at).toISOString();
}

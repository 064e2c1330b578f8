import type { Registry } from 'prom-client';
import { severity } from '../documents/common.ts';
import type { DeliverDocument } from '../documents/deliver.ts';
import type { RunDocument } from '../documents/run.ts';
import type { StatusDocument } from '../documents/status.ts';
import type { VerifyDocument } from '../documents/verify.ts';
import type { Millis } from '../model.ts';
import { alarmMetrics, type Named } from './alarm-metrics.ts';
import { attentionMetrics } from './attention-metrics.ts';
import { instruments } from './instruments.ts';
import { sinkMetrics } from './sink-metrics.ts';
import { streamMetrics } from './stream-metrics.ts';

export type Configured = {
  streams: readonly Named[];
  sinks: readonly string[];
  /** Names of jobs that verify. */
  verifying: readonly string[];
};

/** Metrics of streams, sinks and findings, from the documents of the commands that were run. */
export type DocumentMetrics = {
  /** Begins the series of what is configured, so that an alert finds them and the first of a kind is an increase. */
  expected(configured: Configured): void;
  /** What was known before this process. */
  status(document: StatusDocument): void;
  /** What is wrong and what a person must look at, as of now. */
  stands(document: StatusDocument): void;
  sync(document: RunDocument): void;
  deliver(document: DeliverDocument): void;
  verify(job: string, document: VerifyDocument): void;
};

export function documentMetrics(registry: Registry, now: () => Millis): DocumentMetrics {
  const make = instruments(registry);
  const streams = streamMetrics(make);
  const quirks = make.gauge('quirks', '1 for each way in which a vendor differs, as last met.', [
    'source',
    'code',
  ]);
  const rowsLoaded = make.counter('warehouse_rows_total', 'Rows loaded into the warehouse.');
  const warehouseSeq = make.gauge('warehouse_seq', 'Ledger number that the warehouse is at.');
  const lakeFiles = make.counter('lake_files_total', 'Files of the lake that were written.');
  const sinks = sinkMetrics(make);
  const alarms = alarmMetrics(registry, now);
  const attention = attentionMetrics(make);
  const findings = make.gauge('findings', 'Findings that are open, as of the last run.', [
    'severity',
  ]);
  const faults = make.gauge('verify_faults', 'Faults that the job last found.', ['task']);

  const toSeq = (seq: number | null): void => {
    if (seq !== null) warehouseSeq.set(seq);
  };
  const count = (document: RunDocument): void => {
    toSeq(document.warehouse.seq);
    rowsLoaded.inc(document.warehouse.rows);
    lakeFiles.inc(document.lake?.files ?? 0);
    streams.count(document.streams);
  };
  return {
    expected(configured) {
      streams.expected(configured.streams);
      sinks.expected(configured.sinks);
      alarms.expected(configured.streams);
      const sources = configured.streams.map(({ source }) => source);
      attention.expected([...sources, ...configured.sinks]);
      for (const task of configured.verifying) faults.set({ task }, 0);
      for (const each of severity.options) findings.set({ severity: each }, 0);
    },
    status(document) {
      toSeq(document.warehouse?.seq ?? null);
      streams.known(document.streams);
      sinks.known(document.sinks);
    },
    stands(document) {
      attention.status(document.diagnosis);
      alarms.found(document);
      for (const each of severity.options) {
        findings.set({ severity: each }, document.findings[each]);
      }
    },
    sync(document) {
      count(document);
      attention.run(document.diagnosis);
      quirks.reset();
      for (const { source, code } of document.quirks) quirks.set({ source, code }, 1);
      streams.ended(document.streams);
      sinks.delivered(document.sinks);
    },
    deliver(document) {
      sinks.delivered(document.sinks);
    },
    verify(job, document) {
      const isDifferent = ['different', 'unreadable'].includes(document.warehouse.state);
      const found = document.faults.length + document.lake.faults.length;
      faults.set({ task: job }, found + Number(isDifferent));
      // It reads from the vendor too, but moves no cursor: how streams stand is for `sync` to say.
      if (document.against_source !== null) count(document.against_source);
    },
  };
}

/** How configured receivers become sinks: the one place that composes them. */
import type { SinkConfig } from '../../config/load.ts';
import type { Context } from '../context.ts';
import type { Delivery } from './delivery.ts';
import { openBigQuery } from '../../sinks/bigquery/sink.ts';
import { openNdjson } from '../../sinks/ndjson/sink.ts';
import type { Sink } from '../../sinks/port.ts';
import { openS3 } from '../../sinks/s3/sink.ts';
import { openSplunk } from '../../sinks/splunk/sink.ts';

/** A load job of BigQuery is slow whatever it brings, and a file of so many rows has some 30 MB. */
const ROWS_PER_JOB = 200_000;

type OpeningContext = Pick<Context, 'config' | 'stdout'>;

/** Nothing is sent yet. */
export function deliveryOf(context: OpeningContext, sink: SinkConfig): Delivery {
  const { name, tables } = sink;
  return { name, tables, open: () => openSink(context, sink) };
}

function openSink({ config: { timeout, caFile }, stdout }: OpeningContext, sink: SinkConfig): Sink {
  const { name } = sink;
  if (sink.type === 'splunk-hec') return openSplunk(name, { ...sink, timeout, caFile });
  if (sink.type === 'bigquery') return openBigQuery(name, { ...sink, rowsPerJob: ROWS_PER_JOB });
  if (sink.type === 's3') return openS3(name, { ...sink, timeout, caFile });
  return openNdjson(name, sink, stdout);
}

/** Whether rows go to standard output, which then has no room for anything else. */
export function writesToStdout(sink: SinkConfig): boolean {
  return sink.type === 'ndjson' && sink.path === '-';
}

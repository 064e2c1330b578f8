import type { RunDocument } from '../documents/run.ts';
import type { StatusDocument } from '../documents/status.ts';
import { type Named, namedBy } from './alarm-metrics.ts';
import { type Instruments, setOutcome } from './instruments.ts';

const LABELS = ['source', 'stream'] as const;
const KINDS = ['received', 'new', 'changed', 'absent'] as const;

type StreamMetrics = {
  /** Begins their series. */
  expected(streams: readonly Named[]): void;
  /** What was read. */
  count(streams: RunDocument['streams']): void;
  /** How the streams stand after a sync. */
  ended(streams: RunDocument['streams']): void;
  /** How they stood before this process. */
  known(streams: StatusDocument['streams']): void;
};

export function streamMetrics({ counter, gauge }: Instruments): StreamMetrics {
  const requests = counter('requests_total', 'Requests to the vendor.', LABELS);
  const pages = counter('pages_total', 'Pages that were read.', LABELS);
  const records = counter(
    'records_total',
    'Records: all received, and those that were new, changed or no longer served.',
    [...LABELS, 'kind'],
  );
  const errors = counter('stream_errors_total', 'Streams that ended with an error.', [
    ...LABELS,
    'code',
  ]);
  const watermarks = gauge(
    'stream_watermark_timestamp_seconds',
    'Event time up to which the stream has been read.',
    LABELS,
  );
  const outcomes = gauge('stream_outcome', '1 for how the stream last ended.', [
    ...LABELS,
    'outcome',
  ]);

  const stand = (
    labels: { source: string; stream: string },
    watermark: string | null,
    outcome: RunDocument['streams'][number]['outcome'] | null,
  ): void => {
    if (watermark !== null) watermarks.set(labels, Date.parse(watermark) / 1000);
    if (outcome !== null) setOutcome(outcomes, labels, outcome);
  };
  return {
    expected(streams) {
      for (const { source, stream } of streams) {
        for (const each of [requests, pages]) each.inc({ source, stream }, 0);
        for (const kind of KINDS) records.inc({ source, stream, kind }, 0);
        setOutcome(outcomes, { source, stream }, null);
      }
    },
    count(streams) {
      for (const { source, stream, error, ...entry } of streams) {
        requests.inc({ source, stream }, entry.requests);
        pages.inc({ source, stream }, entry.pages);
        const kinds: Record<(typeof KINDS)[number], number> = {
          received: entry.records,
          new: entry.new_records,
          changed: entry.changed_records,
          absent: entry.absent_records,
        };
        for (const [kind, n] of Object.entries(kinds)) records.inc({ source, stream, kind }, n);
        if (error !== undefined) errors.inc({ source, stream, code: error.code });
      }
    },
    ended(streams) {
      for (const { source, stream, watermark, outcome } of streams) {
        stand({ source, stream }, watermark, outcome);
      }
    },
    known(streams) {
      for (const { stream: key, watermark, last_outcome: outcome } of streams) {
        stand(namedBy(key), watermark, outcome);
      }
    },
  };
}

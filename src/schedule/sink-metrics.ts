import type { DeliverDocument } from '../documents/deliver.ts';
import type { StatusDocument } from '../documents/status.ts';
import { type Instruments, setOutcome } from './instruments.ts';

type SinkMetrics = {
  /** Begins their series. */
  expected(sinks: readonly string[]): void;
  /** What was delivered, and how far each sink is. */
  delivered(sinks: DeliverDocument['sinks']): void;
  /** How far they were before this process. */
  known(sinks: StatusDocument['sinks']): void;
};

export function sinkMetrics({ counter, gauge }: Instruments): SinkMetrics {
  const sinkRows = counter('sink_rows_total', 'Rows delivered to the sink.', ['sink']);
  const sinkSeq = gauge('sink_seq', 'Ledger number up to which the sink has everything.', ['sink']);
  const sinkLag = gauge('sink_lag', 'Ledger numbers that the sink still lacks.', ['sink']);
  const outcomes = gauge('sink_outcome', '1 for how the last delivery ended.', ['sink', 'outcome']);
  return {
    expected(sinks) {
      for (const sink of sinks) {
        sinkRows.inc({ sink }, 0);
        setOutcome(outcomes, { sink }, null);
        for (const each of [sinkSeq, sinkLag]) each.set({ sink }, 0);
      }
    },
    delivered(sinks) {
      for (const { sink, rows, seq, lag, outcome } of sinks) {
        sinkRows.inc({ sink }, rows);
        setOutcome(outcomes, { sink }, outcome);
        sinkSeq.set({ sink }, seq);
        sinkLag.set({ sink }, lag);
      }
    },
    known(sinks) {
      for (const { sink, tables, last } of sinks) {
        if (last !== null) setOutcome(outcomes, { sink }, last.outcome);
        if (tables.length === 0) continue;
        sinkSeq.set({ sink }, Math.min(...tables.map(({ seq }) => seq)));
        sinkLag.set({ sink }, Math.max(...tables.map(({ lag }) => lag)));
      }
    },
  };
}

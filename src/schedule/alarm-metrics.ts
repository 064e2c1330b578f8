import type { Registry } from 'prom-client';
import { ALARM_KINDS, type StatusDocument } from '../documents/status.ts';
import type { Millis } from '../model.ts';
import { instruments } from './instruments.ts';

const LABELS = ['source', 'stream'] as const;

export type Named = { source: string; stream: string };

type AlarmMetrics = {
  /** What there are no alarms of as long as nothing is known. */
  expected(streams: readonly Named[]): void;
  /** What `status --coverage` has found, in place of what it found before. */
  found(document: StatusDocument): void;
};

/** What a person must look at, and how long a stream may go unread before its vendor purges what is new in it. */
export function alarmMetrics(registry: Registry, now: () => Millis): AlarmMetrics {
  const { gauge } = instruments(registry);
  const known = new Map<string, Named>();
  const purges: { labels: Named; at: Millis }[] = [];
  const alarms = gauge('alarms', 'What a person must look at, as of the last run.', [
    ...LABELS,
    'kind',
  ]);
  const help =
    'Time until the vendor purges events that were not read; negative once it does. Known where a purge was seen, or where the vendor says how long it keeps them.';
  gauge('stream_retention_headroom_seconds', help, LABELS, {
    collect() {
      this.reset();
      for (const { labels, at } of purges) this.set(labels, (at - now()) / 1000);
    },
  });
  const expected = (streams: readonly Named[]): void => {
    for (const { source, stream } of streams) known.set(`${source}/${stream}`, { source, stream });
    for (const labels of known.values()) {
      for (const kind of ALARM_KINDS) alarms.set({ ...labels, kind }, 0);
    }
  };
  return {
    expected,
    found({ streams, alarms: found }) {
      expected([...streams.map(({ stream }) => namedBy(stream)), ...found]);
      for (const { source, stream, kind } of found) alarms.inc({ source, stream, kind });
      purges.length = 0;
      for (const { stream, watermark, retention, vendor_keeps_seconds } of streams) {
        const kept = retention?.kept_seconds ?? vendor_keeps_seconds;
        if (watermark === null || kept === null) continue;
        purges.push({ labels: namedBy(stream), at: Date.parse(watermark) + kept * 1000 });
      }
    },
  };
}

/** Of a stream as `status` names it. */
export function namedBy(key: string): Named {
  const [source = '', stream = ''] = key.split('/');
  return { source, stream };
}

import type { At } from '../platform/progress-text.ts';
import type { Progress } from './read-ports.ts';

/** How far the reading of all streams is: what they brought together, and how far the one is that spoke last. */
export function readingProgress(now: () => number): (progress: Progress) => At {
  const streams = new Map<string, { startedAt: number; records: number }>();
  let done = 0;
  return ({ source, stream, records, fraction }) => {
    const what = `${source}/${stream}`;
    const known = streams.get(what) ?? { startedAt: now(), records: 0 };
    done += records - known.records;
    streams.set(what, { ...known, records });
    return { what, done, unit: 'records', fraction, fractionMs: now() - known.startedAt };
  };
}

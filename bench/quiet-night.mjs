/**
 * A source with many streams, each of which has little or nothing new: what counts is the round trips, and streams are to be
 * read side by side. The history is read at once, the night with the latency.
 */
import { makeFolder, removeFolder } from './children.mjs';
import { LANES, LATENCY_MS } from './latency.mjs';
import { sync } from './run.mjs';
import { startOwnSandbox } from './sandbox.mjs';

const EVENTS = 2_000;
const DAY = 86_400_000;

export async function measureQuietNight(say) {
  const sandbox = await startOwnSandbox({
    type: 'devin',
    events: EVENTS,
    days: 200,
    until: Math.floor(Date.now() / DAY) * DAY,
    latencyMs: LATENCY_MS,
  });
  const folder = makeFolder();
  try {
    say('Devin, its history');
    const { document } = await sync([], { folder, env: sandbox.env, events: EVENTS });
    // The first night after a history finds more to do than those that follow.
    await sync([], { folder, env: sandbox.env, events: EVENTS });
    const runs = [];
    for (const concurrency of LANES) {
      say(`Devin, a quiet night, ${LATENCY_MS} ms per answer, concurrency ${concurrency}`);
      const env = { ...sandbox.slowEnv, AUDITLAKE_CONCURRENCY: String(concurrency) };
      const night = await sync([], { folder, env, events: EVENTS });
      const requests = night.document.streams.reduce((sum, stream) => sum + stream.requests, 0);
      const { document: _, ...run } = night;
      const alone = runs[0] ?? run;
      runs.push({ concurrency, requests, ...run, times_faster: alone.seconds / run.seconds });
    }
    return { streams: document.streams.length, latency_ms: LATENCY_MS, runs };
  } finally {
    await sandbox.stop();
    removeFolder(folder);
  }
}

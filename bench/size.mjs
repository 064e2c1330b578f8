/** All figures for one size of history, each from the same sandbox and the same folder. */
import { join } from 'node:path';
import { makeFolder, removeFolder, verb } from './children.mjs';
import { bytesPerEvent } from './disk.mjs';
import { drain } from './drain.mjs';
import { limitMs, syncAuditLog } from './run.mjs';
import { startSandbox } from './sandbox.mjs';

export async function measureSize(events, say) {
  const folder = makeFolder();
  const sandbox = await startSandbox(events);
  const { env, days } = sandbox;
  try {
    // Before and after, since machines drift: other tenants, heat, caches.
    say('drain');
    const before = await drain(events, env);
    say('first sync');
    const first = await syncAuditLog(events, { folder, env, expectNew: events });
    say('drain again');
    const after = await drain(events, env);
    const bytes = await bytesPerEvent(join(folder, 'home'), events);
    say('second sync');
    const second = await syncAuditLog(events, { folder, env, expectNew: 0 });
    say('verify');
    const verified = await verb(['verify'], { folder, env, limitMs: limitMs(events) });
    if (verified.document.warehouse.state !== 'equal') throw new Error('verify compared nothing');

    const drained = (before + after) / 2;
    return {
      events,
      days,
      drain: { events_per_second: drained, before, after },
      sync: {
        ...first,
        events_per_second: events / first.seconds,
        times_drain: drained / (events / first.seconds),
      },
      second,
      verify: { seconds: verified.seconds, peak: verified.peak },
      bytes_per_event: bytes,
    };
  } finally {
    await sandbox.stop();
    removeFolder(folder);
  }
}

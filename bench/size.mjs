/** All figures for one size of history, each from the same sandbox and the same folder. */
import { bytesPerEvent } from './disk.mjs';
import { drain } from './drain.mjs';
import { homeIn, makeFolder, removeFolder, verb } from './children.mjs';
import { limitMs, syncAuditLog } from './run.mjs';
import { reference } from './reference.mjs';
import { startSandbox } from './sandbox.mjs';
import { split } from './split.mjs';

/** @param more what else is measured with the same history: `{ split, others }` */
export async function measureSize(events, more, say) {
  const folder = makeFolder();
  const sandbox = await startSandbox(events);
  const { env, days } = sandbox;
  try {
    // Before and after, since machines drift: other tenants, heat, caches.
    say('drain');
    const before = await drain(events, env);
    say('reference process');
    const unit = await reference(events, { folder, env });
    say('first sync');
    const first = await syncAuditLog(events, { folder, env, expectNew: events });
    say('drain again');
    const after = await drain(events, env);
    const bytes = await bytesPerEvent(homeIn(folder), events);
    say('verify');
    const verified = await verb(['verify'], { folder, env, limitMs: limitMs(events) });
    if (verified.document.warehouse.state !== 'equal') throw new Error('verify compared nothing');
    // The run after a verification vouches for it: the next one may go on from there.
    say('second sync');
    const second = await syncAuditLog(events, { folder, env, expectNew: 0 });
    say('verify from the last');
    const since = await verb(['verify', '--since-last'], { folder, env, limitMs: limitMs(events) });
    if (since.document.since === null) throw new Error('verify had nothing to go on from');
    if (more.split) say('first sync and rebuild without a lake');
    const parts = more.split ? await split(events, first.cpu, { env }) : null;
    const others = [];
    for (const other of more.others) {
      say(other.name);
      others.push(await other.measure(events, env));
    }

    const drained = (before + after) / 2;
    const perSecond = events / first.seconds;
    return {
      events,
      days,
      drain: { events_per_second: drained, before, after },
      reference: unit,
      sync: { ...first, events_per_second: perSecond, times_drain: drained / perSecond },
      split: parts,
      second,
      verify: usageOf(verified),
      verify_since_last: usageOf(since),
      bytes_per_event: bytes,
      others,
    };
  } finally {
    await sandbox.stop();
    removeFolder(folder);
  }
}

function usageOf({ seconds, cpu, peak }) {
  return { seconds, cpu, peak };
}

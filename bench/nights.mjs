/**
 * What a night costs on a short history and on a long one: a thousand new events, a day of which has as many. The history is
 * there from the start, and `settle` keeps a run from the days that are still to come.
 */
import { makeFolder, removeFolder } from './children.mjs';
import { means, syncAuditLog } from './run.mjs';
import { startOwnSandbox } from './sandbox.mjs';

const PER_NIGHT = 1_000;
/** The first one copies the warehouse of the first sync, and the second that of the first: from then on two take turns. */
const WARM_UP = 2;
const MEASURED = 3;
const NIGHTS = WARM_UP + MEASURED;

const MEANS = ['written', 'to_disk', 'read', 'cpu', 'seconds', 'peak'];

const DAY = 86_400_000;
const HOUR = 3_600_000;

export async function measureNights(events, say) {
  // The last night must be over, also where the bench runs in the first hour of a day.
  const until = Math.floor((Date.now() - HOUR) / DAY) * DAY - NIGHTS * DAY;
  const sandbox = await startOwnSandbox({
    type: 'tabnine',
    events,
    days: Math.ceil(events / PER_NIGHT),
    until,
    nights: { count: NIGHTS, perNight: PER_NIGHT },
  });
  const folder = makeFolder();
  // An hour past midnight: runs are not begun at the very second.
  const night = async (number) => {
    const settle = Math.floor((Date.now() - (until + number * DAY + HOUR)) / 1000);
    const env = { ...sandbox.env, AUDITLAKE_SETTLE: `${settle}s` };
    return await syncAuditLog(events, {
      folder,
      env,
      expectNew: number === 0 ? events : PER_NIGHT,
    });
  };
  try {
    say('first sync');
    await night(0);
    const runs = [];
    for (let number = 1; number <= NIGHTS; number += 1) {
      say(`night ${number} of ${NIGHTS}`);
      runs.push(await night(number));
    }
    const measured = runs.slice(WARM_UP);
    return { events, new_events: PER_NIGHT, nights: measured, ...means(measured, MEANS) };
  } finally {
    await sandbox.stop();
    removeFolder(folder);
  }
}

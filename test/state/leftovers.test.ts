/** What a killed run left is found by the next one, by whatever clock it had been written. */
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { filesBelow } from '../cli/archived.ts';
import { type Home, homeFor } from '../harness.ts';
import { few } from '../long.ts';
import { DAY, eventAt, HOUR, MINUTE, stillSandbox } from '../sync/support.ts';

/** As if a run had been killed when its batches were written and the line that commits the first was not. */
async function killedBeforeItsLine(home: Home, run: () => Promise<unknown>): Promise<void> {
  const ledger = join(home.folder, 'archive', 'ledger');
  const before = join(home.folder, '..', 'ledger-before');
  await cp(ledger, before, { recursive: true });
  await run();
  await rm(ledger, { recursive: true });
  await cp(before, ledger, { recursive: true });
}

const CLOCKS = few<[when: string, ahead: number, later: number]>(1, [
  ['and still is behind it', 5 * DAY, HOUR],
  ['and is past it by now', 2 * HOUR, 3 * DAY],
  ['and never was ahead', 0, 3 * DAY],
]);

test.each(CLOCKS)(
  'the clock of the run before the killed one had been ahead, %s',
  async (_when, ahead, later) => {
    const { sandbox, clock } = await stillSandbox({ events: 5 }, Date.UTC(2026, 5, 15, 23));
    const home = await homeFor(sandbox);
    const sync = (by = 0) =>
      home.run(['sync', 'tabnine/audit-logs'], {}, { now: () => clock.at + by });
    await sync();
    clock.at += MINUTE;
    sandbox.tabnine.events.insert(eventAt(clock.at - MINUTE, 'one'));
    sandbox.tabnine.quirks.dateHeaderSkewMs = ahead;
    await sync(ahead);
    sandbox.tabnine.quirks.dateHeaderSkewMs = 0;
    clock.at += MINUTE;
    sandbox.tabnine.events.insert(eventAt(clock.at - MINUTE, 'two'));
    await killedBeforeItsLine(home, sync);
    clock.at += later;
    sandbox.tabnine.events.insert(eventAt(clock.at - MINUTE, 'three'));
    expect(await sync()).toMatchObject({ code: 0 });
    expect(await filesBelow(join(home.folder, 'set-aside'))).toHaveLength(1);
    expect(await home.run(['verify'])).toMatchObject({ code: 0 });
  },
);

/** What a killed run left is found by the next one, by whatever clock it had been written. */
import { readFile, readdir, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { batchPath } from '../../src/state/layout.ts';
import { filesBelow } from '../cli/archived.ts';
import { type Home, homeFor } from '../harness.ts';
import { DAY, eventAt, HOUR, MINUTE, stillSandbox } from '../sync/support.ts';

/** A run that is killed when it has written a batch and not yet the line that commits it. */
async function killedAt(home: Home, at: number, isNoted: boolean): Promise<void> {
  const ledger = join(home.folder, 'archive', 'ledger');
  const newest = (await readdir(ledger)).toSorted().at(-1) ?? '?';
  const line = (await readFile(join(ledger, newest), 'utf8')).trimEnd().split('\n').at(-1) ?? '';
  const { seq } = JSON.parse(line) as { seq: number };
  const file = join(home.folder, 'archive', batchPath('tabnine', 'audit-logs', at, seq + 1));
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, 'a batch');
  if (!isNoted) return;
  const note = { started_at: new Date(at).toISOString(), pid: 2 ** 30, host: 'elsewhere' };
  await writeFile(join(home.folder, 'running.json'), JSON.stringify(note));
}

test.each([
  ['and still is behind it, but no note could be written', 5 * DAY, HOUR, false],
  ['and is past it by now', 2 * HOUR, 3 * DAY, true],
])(
  'the clock of the run before the killed one had been ahead, %s',
  async (_when, ahead, later, isNoted) => {
    const { sandbox, clock } = await stillSandbox({ events: 5 }, Date.UTC(2026, 5, 15, 23));
    const home = await homeFor(sandbox);
    await home.sync(0, {}, { now: () => clock.at });
    clock.at += MINUTE;
    sandbox.tabnine.events.insert(eventAt(clock.at - MINUTE, 'one'));
    sandbox.tabnine.quirks.dateHeaderSkewMs = ahead;
    await home.run(['sync', 'tabnine/audit-logs'], {}, { now: () => clock.at + ahead });
    sandbox.tabnine.quirks.dateHeaderSkewMs = 0;
    await killedAt(home, clock.at + MINUTE, isNoted);
    clock.at += later;
    sandbox.tabnine.events.insert(eventAt(clock.at - MINUTE, 'two'));
    await home.sync(0, {}, { now: () => clock.at });
    expect(await filesBelow(join(home.folder, 'set-aside'))).toHaveLength(1);
    expect(await home.run(['verify'])).toMatchObject({ code: 0 });
  },
);

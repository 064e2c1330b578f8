/** What runs replace while it is verified is looked at again, and never called altered for it. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withReadable } from '../../src/load/warehouse/readable-file.ts';
import { publishedGeneration } from '../../src/load/warehouse/published.ts';
import { settled } from '../../src/runs/verify/settled.ts';
import { homeFor } from '../harness.ts';
import { eventAt, MINUTE, stillSandbox } from '../sync/support.ts';

const never = (): boolean => false;
/** As where a run is at work. */
const busy = async (): Promise<null> => null;

test('a generation that two syncs took away is not missed, and what is wrong with another counts', async () => {
  const { sandbox, clock } = await stillSandbox({ events: 5 });
  const home = await homeFor(sandbox, ['tabnine'], { lake: true });
  const night = async (): Promise<void> => {
    clock.at += 10 * MINUTE;
    sandbox.tabnine.events.insert(eventAt(clock.at - MINUTE, `at-${clock.at}`));
    await home.sync();
  };
  await night();
  let turns = 0;
  const look = async (): Promise<string> => {
    turns += 1;
    const path = (await publishedGeneration(home.folder))?.path ?? '';
    const nights = turns === 1 ? [night, night] : [];
    for (const passes of nights) await passes();
    await withReadable(path, async () => undefined);
    return 'right';
  };
  expect(await settled(home.folder, look, (found) => found === 'right', busy)).toEqual({
    found: 'right',
    hasChanged: false,
  });
  expect(turns).toBe(2);
  // Whatever it meets while runs are at work.
  const verified = home.begin(['verify']);
  for (let i = 0; i < 2; i += 1) await night();
  expect([0, 3]).toContain((await verified.done).code);
  expect(await home.run(['verify'])).toMatchObject({ code: 0 });
});

test('what is wrong counts where nothing was replaced, and the looking ends', async () => {
  const home = await homeFor(null);
  expect(await settled(home.folder, async () => 'wrong', never, busy)).toEqual({
    found: 'wrong',
    hasChanged: false,
  });
  const failing = settled(home.folder, () => Promise.reject(new Error('no')), never, busy);
  await expect(failing).rejects.toThrow('no');
  const note = join(home.folder, 'warehouse', 'current.json');
  await mkdir(join(note, '..'), { recursive: true });
  let turns = 0;
  const look = async (): Promise<string> => {
    turns += 1;
    await writeFile(note, String(turns));
    return 'wrong';
  };
  const found = { found: 'wrong', hasChanged: true };
  const whileBusy = await settled(home.folder, look, never, busy);
  expect({ ...whileBusy, turns }).toEqual({ ...found, turns: 3 });
  // With runs held off it is none that goes on replacing it.
  let released = 0;
  const holdOff = async () => ({ release: async () => void (released += 1) });
  const alone = await settled(home.folder, look, never, holdOff);
  expect({ ...alone, turns, released }).toEqual({
    found: 'wrong',
    hasChanged: false,
    turns: 7,
    released: 1,
  });
});

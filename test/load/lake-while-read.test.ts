/** Whoever reads the folder, or by the manifest, while nights bring late events and months close. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { literal, noPattern, openDatabase } from '../../src/load/database.ts';
import { writeLake } from '../../src/load/lake/lake.ts';
import type { Manifest } from '../../src/load/lake/manifest.ts';
import { tries } from '../long.ts';
import { type Item, TestArchive } from './archive.ts';

const DAY = 86_400_000;
/** A month closes in the third. */
const NIGHTS = tries(30, 10);
const EVENTS_A_NIGHT = 40;

const isoDay = (at: number): string => new Date(at).toISOString().slice(0, 10);

const event = (id: string, at: number): Item => {
  const time = new Date(at).toISOString();
  return { key: id, time, record: { id, timestamp: time, eventType: 'x', actor: { id: 'u1' } } };
};

/** What one answer says: rows, how many are different events, and the newest batch. */
type Answer = { rows: number; events: number };

/** What may be answered while a night writes: that of the night before, that of this one, or something in between. */
type Bounds = { least: number; most: number; closes: boolean };

const rowsIn = ({ files }: Manifest): number =>
  files.filter(({ table }) => table === 'audit_events').reduce((sum, { rows }) => sum + rows, 0);

test('a reader finds each event once or fails, and by the manifest all of it, one run longer', async () => {
  const archive = await TestArchive.make();
  const lake = join(archive.home, 'lake');
  const { connection, close } = await openDatabase(':memory:', {
    spill: join(archive.home, 'spill'),
  });
  const ask = async (files: string): Promise<Answer> => {
    const reader = await connection.runAndReadAll(
      `select count(*)::int, count(distinct event_uid)::int from read_parquet(${files}, hive_partitioning = true)`,
    );
    const [rows, events] = reader.getRows()[0] ?? [];
    return { rows: Number(rows), events: Number(events) };
  };
  const byFolder = literal(`${noPattern(lake)}/audit_events/**/*.parquet`);
  const byManifest = ({ files }: Manifest): string => {
    const own = files.filter(({ table }) => table === 'audit_events');
    return `[${own.map(({ fixed }) => literal(noPattern(join(lake, fixed)))).join(', ')}]`;
  };
  const manifest = async (): Promise<Manifest> =>
    JSON.parse(await readFile(join(lake, 'manifest.json'), 'utf8')) as Manifest;
  let total = 0;
  const night = async (now: number, months: number): Promise<void> => {
    const late = months * 31 * DAY;
    const items = Array.from({ length: EVENTS_A_NIGHT }, (_, i) =>
      event(`e${total + i}`, now - (i % 4 === 0 ? (i * late) / EVENTS_A_NIGHT : (i * DAY) / 100)),
    );
    await archive.add('audit-logs', items, { at: new Date(now).toISOString() });
    total += items.length;
  };
  const write = async (now: number): Promise<void> => {
    const published = await archive.current();
    const openFrom = `${isoDay(now - 7 * DAY).slice(0, 7)}-01`;
    await writeLake({ home: archive.home, published, compression: 'snappy', openFrom });
  };

  const begin = Date.parse('2026-03-05T02:15:00Z');
  await night(begin, 3);
  await write(begin);
  const seen = { whole: 0, failed: 0, byManifest: 0 };
  for (let nth = 1; nth <= NIGHTS; nth++) {
    const now = begin + nth * DAY;
    const bounds: Bounds = { least: total, most: 0, closes: isoDay(now - 7 * DAY).endsWith('-01') };
    const held = await manifest();
    await night(now, 2);
    bounds.most = total;
    const writing = new AbortController();
    const reading = (async () => {
      do {
        try {
          const answer = await ask(byFolder);
          expect(answer.events).toBe(answer.rows);
          expect(answer.rows).toBeGreaterThanOrEqual(bounds.least);
          expect(answer.rows).toBeLessThanOrEqual(bounds.most);
          seen.whole += 1;
        } catch (error) {
          // Only where one name takes the place of several, and never with a wrong answer.
          expect(String(error)).toMatch(
            /read-again\.parquet|No such file|Cannot open file|No files found/,
          );
          expect({ nth, closes: bounds.closes }).toEqual({ nth, closes: true });
          seen.failed += 1;
        }
        const named = await manifest();
        expect(await ask(byManifest(named))).toEqual({
          rows: rowsIn(named),
          events: rowsIn(named),
        });
        seen.byManifest += 1;
      } while (!writing.signal.aborted);
    })();
    await write(now).finally(() => writing.abort());
    await reading;
    // What a reader took from the manifest before is there until the next run is over.
    expect(await ask(byManifest(held))).toEqual({ rows: rowsIn(held), events: rowsIn(held) });
    const after = await manifest();
    expect([rowsIn(after), await ask(byFolder)]).toEqual([total, { rows: total, events: total }]);
  }
  close();
  expect(seen.whole).toBeGreaterThan(NIGHTS);
  expect(seen.byManifest).toBeGreaterThan(NIGHTS);
});

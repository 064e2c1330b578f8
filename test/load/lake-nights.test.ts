/**
 * A night looks only at what new batches touched. What it leaves must be what a lake that is made from nothing has, byte for byte, whatever
 * came: late and revised events, names learned later, things that go and come back, figures restated, months that close, days that leave.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { writeLake } from '../../src/load/lake/lake.ts';
import { lakeFolder, readManifest } from '../../src/load/lake/manifest.ts';
import { verifyLake } from '../../src/load/lake/verify.ts';
import { tries } from '../long.ts';
import { DEVIN, type Item, TABNINE, TestArchive } from './archive.ts';

const DAY = 86_400_000;
const BEGIN = Date.parse('2026-01-25T02:15:00Z');

/** Numbers that are the same in every run of a seed (mulberry32). */
function numbersOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (((t ^ (t >>> 14)) >>> 0) % 1_000_000) % below;
  };
}

/** What a vendor says in one night. */
class Company {
  readonly #archive: TestArchive;
  readonly #pick: (below: number) => number;
  #events = 0;

  constructor(archive: TestArchive, pick: (below: number) => number) {
    this.#archive = archive;
    this.#pick = pick;
  }

  #some<T>(list: readonly T[]): T {
    return list[this.#pick(list.length)] as T;
  }

  /** Mostly of the last day, some late, some from before anything else, one in the future. */
  #time(now: number): string | null {
    const ago = this.#some([0, 0, 0, 1, 2, 9, 40, 400, -1]);
    if (this.#pick(40) === 0) return null;
    return new Date(now - ago * DAY - this.#pick(DAY)).toISOString();
  }

  #event(id: string, now: number): Item {
    const time = this.#time(now);
    const actor = { id: `u${this.#pick(6)}` };
    const target = { id: `u${this.#pick(6)}`, type: 'user' };
    const record = { id, timestamp: time ?? undefined, eventType: 'user.login', actor, target };
    return { key: id, time, record: { ...record, n: this.#pick(1000) } };
  }

  async night(now: number): Promise<void> {
    const at = new Date(now).toISOString();
    const list = async (stream: string, items: Item[], context = {}): Promise<void> =>
      this.#archive.add(stream, items, { at, context });
    const times = 1 + this.#pick(4);
    for (let i = 0; i < times; i++) {
      this.#archive.account = this.#some([TABNINE, TABNINE, DEVIN]);
      await (this.#archive.account === TABNINE ? this.#tabnine(now, list) : this.#devin(now, list));
    }
  }

  async #tabnine(now: number, list: (...of: [string, Item[], object?]) => Promise<void>) {
    const id = `u${this.#pick(6)}`;
    const team = `t${this.#pick(2)}`;
    const changed = this.#some([undefined, new Date(now - this.#pick(20 * DAY)).toISOString()]);
    const name = this.#some(['Ann', 'Bob', 'Cleo']);
    switch (this.#pick(9)) {
      case 0:
      case 1: {
        const ids = Array.from({ length: 1 + this.#pick(5) }, () => `e${this.#events++}`);
        return await list(
          'audit-logs',
          ids.map((one) => this.#event(one, now)),
        );
      }
      case 2: {
        // A revision, perhaps with another time.
        const known = `e${this.#pick(this.#events + 1)}`;
        return await list('audit-logs', [this.#event(known, now)]);
      }
      case 3: {
        const own = this.#some([{}, { team: { id: team, name: this.#some(['Core', 'Kernel']) } }]);
        const record = { id, username: name, email: `${id}@acme.test`, updatedAt: changed, ...own };
        return await list('users', [{ key: id, record }], {
          active: this.#some(['true', 'false']),
        });
      }
      case 4:
        return await list('teams', [{ key: team, record: { id: team, name } }]);
      case 5:
        return await list(
          'team-members',
          [{ key: `${team}/${id}`, record: { id, username: name } }],
          {
            team_id: team,
          },
        );
      case 6: {
        const gone = this.#some<[string, string]>([
          ['users', id],
          ['teams', team],
          ['team-members', `${team}/${id}`],
        ]);
        return await list(gone[0], [{ absent: gone[1], at: new Date(now).toISOString() }]);
      }
      case 7: {
        const from = new Date(Math.floor(now / DAY - this.#pick(50)) * DAY).toISOString();
        const to = new Date(Date.parse(from) + DAY).toISOString();
        const record = { from, to, activeUsers: this.#pick(4), chat: { messages: this.#pick(3) } };
        return await list('usage-team', [{ key: `${team}/${from}`, time: from, record }], {
          scope: 'team',
          scope_id: team,
          granularity: 'daily',
        });
      }
      default:
        return await list('audit-logs', [
          { finding: 'clock', at: new Date(now).toISOString(), what: String(this.#pick(9)) },
          { absent: `e${this.#pick(this.#events + 1)}`, at: new Date(now).toISOString() },
        ]);
    }
  }

  async #devin(now: number, list: (...of: [string, Item[], object?]) => Promise<void>) {
    const id = `email|u${this.#pick(4)}`;
    const service = `service-user-${this.#pick(2)}`;
    const name = this.#some(['Ann', 'Bob', 'ci']);
    switch (this.#pick(5)) {
      case 0:
      case 1: {
        const key = `d${this.#events++}`;
        const time = this.#time(now) ?? new Date(now).toISOString();
        const who = this.#some([{ user_id: id }, { service_user_id: service }]);
        const record = {
          audit_log_id: key,
          created_at: Date.parse(time) / 1000,
          action: this.#some(['create_secret', 'assign_roles']),
          ...who,
          data: { target_user_id: id },
        };
        return await list('audit-logs', [{ key, time, record }]);
      }
      case 2:
        return await list(this.#some(['users', 'idp-users']), [
          { key: id, record: { name, email: `${name}@acme.test` } },
        ]);
      case 3:
        return await list('service-users', [{ key: service, record: { name, deleted_at: null } }]);
      default: {
        const key = `s${this.#pick(5)}`;
        const created = Date.parse('2026-01-20T00:00:00Z') / 1000 + this.#pick(9) * 86_400;
        const record = { session_id: key, acus_consumed: this.#pick(9), created_at: created };
        return await list('sessions', [
          { key, time: new Date(created * 1000).toISOString(), record },
        ]);
      }
    }
  }
}

const NIGHTS = tries(40, 14);
const SEEDS = Array.from({ length: tries(10) }, (_, seed) => seed + 1);

test.each(SEEDS)(
  'after each night the lake is what one made from nothing is (seed %s)',
  async (seed) => {
    const archive = await TestArchive.make();
    const aside = await mkdtemp(join(tmpdir(), 'auditlake-anew-'));
    onTestFinished(() => rm(aside, { recursive: true, force: true }));
    const pick = numbersOf(seed);
    const company = new Company(archive, pick);
    let now = BEGIN;
    let written = 0;
    for (let night = 0; night < NIGHTS; night++) {
      now += DAY * (pick(6) === 0 ? 6 : 1);
      await company.night(now);
      const openFrom = `${new Date(now - 7 * DAY).toISOString().slice(0, 7)}-01`;
      const keepFrom = seed % 3 === 0 ? new Date(now - 35 * DAY).toISOString().slice(0, 10) : null;
      const published = await archive.current();
      const options = { published, compression: 'snappy' as const, openFrom, keepFrom };
      written += (await writeLake({ ...options, home: archive.home })).files;
      await rm(lakeFolder(aside), { recursive: true, force: true });
      await writeLake({ ...options, home: aside });
      const [grown, anew] = [
        await readManifest(lakeFolder(archive.home)),
        await readManifest(lakeFolder(aside)),
      ];
      expect({ night, files: grown?.files }).toEqual({ night, files: anew?.files });
      expect(await verifyLake(archive.home)).toMatchObject({ faults: [], unfinished: [] });
    }
    const { length } = (await readManifest(lakeFolder(archive.home)))?.files ?? [];
    expect(length).toBeGreaterThan(NIGHTS / 2);
    expect(written).toBeGreaterThan(0);
  },
);

/** One a second, from a second of a day on. */
function events(day: string, from: number, count: number): Item[] {
  return Array.from({ length: count }, (_, i) => {
    const time = new Date(Date.parse(`${day}T00:00:00Z`) + (from + i) * 1_000).toISOString();
    const id = `${day}-${from + i}`;
    return { key: id, time, record: { id, timestamp: time, eventType: 'user.login' } };
  });
}

test('a file has the same bytes whichever others are written with it', async () => {
  const archive = await TestArchive.make();
  const aside = await mkdtemp(join(tmpdir(), 'auditlake-anew-'));
  onTestFinished(() => rm(aside, { recursive: true, force: true }));
  // DuckDB works on 2,048 rows at a time: the second day begins in the first lot and ends in the second.
  await archive.add('audit-logs', [
    ...events('2026-01-02', 0, 2_000),
    ...events('2026-01-03', 0, 300),
  ]);
  const write = async (home: string) => {
    const published = await archive.current();
    await writeLake({
      home,
      published,
      compression: 'snappy',
      openFrom: '2026-01-01',
      keepFrom: null,
    });
    return (await readManifest(lakeFolder(home)))?.files;
  };
  await write(archive.home);
  await archive.add('audit-logs', events('2026-01-03', 300, 1));
  const grown = await write(archive.home);
  expect(grown).toHaveLength(2);
  expect(grown).toEqual(await write(aside));
});

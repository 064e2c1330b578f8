import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { isPartEnd, type Page, type PartEnd, type StreamKind } from '../../src/model.ts';
import { Archive } from '../../src/state/archive.ts';
import type { StoredLine } from '../../src/state/read-batch.ts';
import { layout } from '../../src/state/layout.ts';
import { StreamArchive } from '../../src/state/stream-archive.ts';

const DAY = 86_400_000;

/** What one team answers: its members, or how its part ends. */
type Team = readonly string[] | PartEnd['ended'];
type Teams = Record<string, Team>;

/** Where records say which part they are of, as streams do it. */
type Style = (team: string, member: string) => { key: string; context: object };

const STYLES: readonly [[string, Style], [string, Style]] = [
  ['in their keys', (team, member) => ({ key: `${team}/${member}`, context: {} })],
  ['in the context of their page', (team, member) => ({ key: member, context: { team_id: team } })],
];

async function linesOf(file: string): Promise<StoredLine[]> {
  const text = gunzipSync(await readFile(file)).toString('utf8');
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as StoredLine);
}

class Home {
  readonly #archive: Archive;
  readonly #style: Style;
  readonly files: string[] = [];
  now = 0;
  /** How far the clock moves each time it is read. */
  pace = 0;

  constructor(archive: Archive, style: Style) {
    this.#archive = archive;
    this.#style = style;
  }

  static async make(style: Style): Promise<Home> {
    const folder = await mkdtemp(join(tmpdir(), 'auditlake-parts-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    let now = Date.UTC(2026, 0, 1);
    return new Home(await Archive.openForWriting(layout(folder), () => (now += 1000)), style);
  }

  stream(kind: StreamKind): StreamArchive {
    const head = {
      source: 'acme',
      vendor: 'tabnine',
      stream: 'team-members',
      stream_kind: kind,
      organization_id: 'org-1',
    };
    return new StreamArchive(
      this.#archive,
      'run-1',
      head,
      () => (this.now += this.pace),
      ({ file }) => this.files.push(file),
      { keepsCursor: false },
    );
  }

  items(teams: Teams): (Page | PartEnd)[] {
    return Object.entries(teams).map(([team, answer]) =>
      typeof answer === 'string' ? end(team, answer) : this.#page(team, answer),
    );
  }

  /** Reads a snapshot of the teams. */
  async read(teams: Teams): Promise<StreamArchive> {
    const stream = this.stream('snapshot');
    await stream.beginSnapshot();
    for (const item of this.items(teams)) await stream.add(item);
    await stream.finishSnapshot();
    return stream;
  }

  async lines(): Promise<StoredLine[]> {
    return (await Promise.all(this.files.map((file) => linesOf(file)))).flat();
  }

  #page(team: string, members: readonly string[]): Page {
    const styled = members.map((member) => ({ member, ...this.#style(team, member) }));
    const context = Object.assign({}, ...styled.map((each) => each.context)) as object;
    const text = `${team}: ${members.join()}`;
    return {
      note: {
        request: `/teams/${team}`,
        status: 200,
        at: this.now,
        bytes: text.length,
        sha256: createHash('sha256').update(text).digest('hex'),
        records: members.length,
        ...(Object.keys(context).length === 0 ? {} : { context: { ...context } }),
      },
      records: styled.map(({ member, key }) => ({
        key,
        bytes: Buffer.from(JSON.stringify({ member })),
        time: null,
      })),
      place: null,
    };
  }
}

function end(part: string, ended: PartEnd['ended'], code = 'forbidden'): PartEnd {
  return { part, ended, reason: { code, message: `GET /teams/${part}: no`, hint: 'ask' } };
}

describe.each(STYLES)('a part that is unavailable, its records told %s', (_what, style) => {
  test('keeps its last state; what is gone does not', async () => {
    const home = await Home.make(style);
    await home.read({ a: ['a1'], b: ['b1', 'b2'], c: ['c1'] });
    const { counts, parts } = await home.read({ a: ['a1', 'a2'], b: 'unavailable', c: 'gone' });
    expect(counts).toMatchObject({ new: 1, known: 1, absent: 1 });
    expect(parts).toMatchObject({ unavailable: 1, gone: 1 });
    const absent = (await home.lines()).filter(({ kind }) => kind === 'absent');
    expect(absent).toMatchObject([{ key: style('c', 'c1').key }]);
    // It is there again: nothing of it is news but what changed meanwhile.
    const again = await home.read({ a: ['a1', 'a2'], b: ['b2', 'b3'] });
    expect(again.counts).toMatchObject({ new: 1, known: 3, absent: 1 });
  });
});

test('a part that is unavailable is in a new base as it was archived', async () => {
  const [, [, style]] = STYLES;
  const home = await Home.make(style);
  const others = Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`c${n}`, [`m${n}`]]));
  // A source that is so slow that every page is a batch: after a hundred of them the whole state is archived again.
  home.pace = 11_000;
  await home.read({ a: ['last'], b: ['b1', 'b2'], ...others });
  home.pace = 0;
  expect(home.files.length).toBeGreaterThanOrEqual(100);
  const before = home.files.length;
  await home.read({ a: ['last'], b: 'unavailable' });
  expect(home.files.length).toBe(before + 1);
  const [base = ''] = home.files.slice(-1);
  const lines = await linesOf(base);
  expect(
    lines.filter(({ kind }) => kind === 'record').map((line) => 'key' in line && line.key),
  ).toEqual([style('a', 'last'), style('b', 'b1'), style('b', 'b2')].map(({ key }) => key));
  const pages = lines.flatMap((line) => (line.kind === 'page' ? [line.request] : []));
  expect(pages).toEqual(['/teams/a', '/teams/b']);
  // The next run starts from the new base alone, and still knows the part.
  const after = await home.read({ a: ['last'], b: ['b1'] });
  expect(after.counts).toMatchObject({ new: 0, known: 2, absent: 1 });
});

test('a series goes on after a part that ended, and says nothing of its figures', async () => {
  const home = await Home.make((team, member) => ({ key: `${team}/${member}`, context: {} }));
  const window = { from: 0, to: DAY, place: 0, part: null };
  const read = async (teams: Teams, finish: boolean): Promise<StreamArchive> => {
    const stream = home.stream('series');
    await stream.beginWindow(window);
    for (const item of home.items(teams)) {
      await stream.add(isPartEnd(item) ? item : inPeriod(item));
    }
    if (finish) await stream.finishWindow(window, DAY);
    else await stream.interrupt();
    return stream;
  };
  await read({ a: ['day'], b: ['day'] }, true);
  const stopped = await read({ a: ['day', 'new'], b: 'unavailable' }, false);
  expect(stopped.cursor.window?.part).toBe('b');
  const { counts, parts } = await read({ a: [], b: 'unavailable', c: 'gone' }, true);
  expect(parts).toMatchObject({ unavailable: 1, gone: 1 });
  // Of `a`, which answered, both figures are missing now; nothing is known of `b`.
  expect(counts.absent).toBe(2);
});

/** A page that completes its part, its records figures of the window. */
function inPeriod(page: Page): Page {
  const records = page.records.map((record) => ({ ...record, time: DAY / 2 }));
  return { ...page, records, part: page.note.request.slice('/teams/'.length) };
}

test('reasons are counted by code, in the words of the first', async () => {
  const home = await Home.make((team, member) => ({ key: `${team}/${member}`, context: {} }));
  const stream = home.stream('snapshot');
  await stream.beginSnapshot();
  expect(stream.parts).toBeNull();
  const ends = [end('a', 'unavailable'), end('b', 'unavailable'), end('c', 'gone', 'not-found')];
  for (const item of [...ends, end('a', 'unavailable')]) await stream.add(item);
  expect(stream.parts).toEqual({
    unavailable: 2,
    gone: 1,
    reasons: [
      {
        ended: 'unavailable',
        parts: 2,
        first: 'a',
        code: 'forbidden',
        message: 'GET /teams/a: no',
        hint: 'ask',
      },
      {
        ended: 'gone',
        parts: 1,
        first: 'c',
        code: 'not-found',
        message: 'GET /teams/c: no',
        hint: 'ask',
      },
    ],
  });
});

test('a period that the vendor has yet to report on keeps the watermark before it, and what it had', async () => {
  const [, [, style]] = STYLES;
  const home = await Home.make(style);
  const window = { from: 0, to: 5 * DAY, place: 0, part: null };
  const read = async (days: Teams): Promise<StreamArchive> => {
    const stream = home.stream('series');
    await stream.beginWindow(window);
    for (const item of home.items(days)) {
      const isAwaited = isPartEnd(item) && item.ended === 'awaited';
      await stream.add(isAwaited ? { ...item, from: Number(item.part) * DAY } : item);
    }
    await stream.finishWindow(window, 4 * DAY);
    return stream;
  };
  const first = await read({ '1': ['a'], '2': 'awaited', '3': 'awaited', '4': ['b'] });
  expect(first.cursor).toMatchObject({ watermark: 2 * DAY, window: null });
  expect(first.parts).toMatchObject({ unavailable: 0, gone: 0, awaited: 2 });
  expect(first.parts?.reasons).toMatchObject([{ ended: 'awaited', parts: 2, first: '2' }]);
  const later = await read({ '1': ['a'], '2': ['c'], '3': ['d'], '4': ['b'] });
  expect(later.cursor).toMatchObject({ watermark: 4 * DAY });
  expect(later.counts).toMatchObject({ new: 2, absent: 0 });
  expect(later.parts).toBeNull();
});

/** The days of streams, told from ledger lines alone. Now is 2026-06-20, noon; runs end at 02:00. */
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Coverage, coverageOf } from '../../src/evidence/coverage.ts';
import { openDatabase } from '../../src/load/database.ts';
import { loadLedger } from '../../src/load/warehouse/ledger-table.ts';
import { createCoverage } from '../../src/load/warehouse/schema.ts';

const HOUR = 3_600_000;
const NOW = Date.UTC(2026, 5, 20, 12);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auditlake-coverage-test-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** An hour of a day in June. */
const june = (day: number, hour = 0): number => Date.UTC(2026, 5, day, hour);
const iso = (at: number): string => new Date(at).toISOString();

type Line = Record<string, unknown>;

type RunOf = Partial<{
  job: string;
  outcome: string;
  from: number | null;
  to: number;
  watermark: number | null;
  oldest: number | null;
  lookbackHours: number;
  cursor: object;
  checked: object[];
  stream: string;
}>;

/** A run that ended at 02:00 of a day and read up to then. */
function run(day: number, about: RunOf = {}): Line {
  const at = june(day, 2);
  const { from = june(day - 2, 2), to = at, watermark = at, oldest, lookbackHours } = about;
  return {
    kind: 'run',
    at: iso(at),
    job: about.job ?? 'sync',
    finished_at: iso(at),
    streams: [
      {
        source: 'acme',
        stream: about.stream ?? 'log',
        outcome: about.outcome ?? 'complete',
        window: from === null ? null : { from: iso(from), to: iso(to) },
        watermark: watermark === null ? null : iso(watermark),
        cursor: about.cursor ?? { watermark, window: null, base: null },
        ...(oldest === undefined ? {} : { oldest_served: oldest === null ? null : iso(oldest) }),
        ...(lookbackHours === undefined ? {} : { lookback_seconds: lookbackHours * 3600 }),
        ...(about.checked === undefined ? {} : { checked: about.checked }),
      },
    ],
  };
}

/** A batch with events from one instant to another, committed with a cursor. */
function batch(
  min: number,
  max: number,
  about: Partial<{ kind: string; cursor: object; stream: string }> = {},
): Line {
  return {
    kind: 'batch',
    at: iso(max),
    source: 'acme',
    stream: about.stream ?? 'log',
    stream_kind: about.kind ?? 'log',
    min_time: iso(min),
    max_time: iso(max),
    cursor: about.cursor ?? { watermark: null, window: null, base: null },
  };
}

const checkedDay = (day: number, state: string, more: object = {}): object => ({
  day: iso(june(day)).slice(0, 10),
  state,
  archived: 1,
  vendor: 1,
  served: null,
  new_records: 0,
  note: null,
  ...more,
});

let files = 0;
async function ledger(lines: Line[]): Promise<{ files: string[]; seq: number }> {
  files += 1;
  const file = join(folder, `${files}.ndjson`);
  await writeFile(
    file,
    lines.map((line, i) => `${JSON.stringify({ seq: i + 1, ...line })}\n`).join(''),
  );
  return { files: [file], seq: lines.length };
}

/** What the vendor `any` declares of streams that bring nothing here. */
const STATED = (['ended', 'monthly'] as const).map((stream) => ({
  vendor: 'any',
  stream,
  kind: 'series' as const,
  once: stream === 'ended',
  seconds: null,
}));

async function coverage(lines: Line[], now = NOW): Promise<Coverage> {
  return await coverageOf(await ledger(lines), STATED, { now, late: 48 * HOUR });
}

/** `3..17 complete: why` for days of June. */
function shown(days: Coverage['days']): string[] {
  return days.map(({ from, to, state, reason }) => {
    const [first, last] = [from, to].map((day) => day.replace('2026-06-', ''));
    return `${first === last ? first : `${first}..${last}`} ${state}: ${reason}`;
  });
}

const nightly = (first: number, last: number, about: RunOf = {}): Line[] =>
  Array.from({ length: last - first + 1 }, (_, i) => run(first + i, about));

const COMPLETE = 'complete: read again after the lookback';

const CASES: [what: string, lines: Line[], expected: string[]][] = [
  [
    'days are complete once the lookback has passed; a stream begins where its first window does',
    [run(3, { from: june(1) }), ...nightly(4, 20)],
    [`01..18 ${COMPLETE}`, '19 provisional: read', '20 provisional: partly read'],
  ],
  [
    'with no start configured, at the oldest event; one without a time says nothing',
    [batch(0, june(16, 5)), batch(june(15, 5), june(16)), run(19, { from: 0 }), run(20)],
    [`15..18 ${COMPLETE}`, '19 provisional: read', '20 provisional: partly read'],
  ],
  [
    'a log without any event begins with its first run',
    [run(19, { from: 0 }), run(20)],
    ['19 provisional: read', '20 provisional: partly read'],
  ],
  [
    'the lookback of the run counts',
    [run(14, { from: june(12) }), ...nightly(15, 20, { lookbackHours: 72 })],
    [`12..16 ${COMPLETE}`, '17..19 provisional: read', '20 provisional: partly read'],
  ],
  [
    'what no run came for is a gap once it is older than may be',
    [run(12, { from: june(10) }), run(14)],
    [
      `10..12 ${COMPLETE}`,
      '13 provisional: read',
      '14 gap: not read yet',
      '15..17 gap: not read yet',
      '18..20 provisional: not read yet',
    ],
  ],
  [
    'a run that was interrupted has read as far as it came',
    [
      run(15, { from: june(12) }),
      batch(june(15, 5), june(17, 5), {
        cursor: {
          watermark: june(15, 2),
          window: { from: june(14, 2), to: june(20, 2), place: june(17, 5), part: null },
          base: null,
        },
      }),
      { ...run(20, { outcome: 'incomplete', watermark: june(15, 2) }), streams: [] },
    ],
    [
      `12..13 ${COMPLETE}`,
      '14..16 provisional: read',
      '17 gap: not read yet',
      '18..20 provisional: not read yet',
    ],
  ],
  [
    'a run that failed has read nothing',
    [
      run(16, { from: june(14) }),
      run(20, { outcome: 'failed', from: null, watermark: june(16, 2) }),
    ],
    [
      `14 ${COMPLETE}`,
      '15 provisional: read',
      '16 gap: not read yet',
      '17 gap: not read yet',
      '18..20 provisional: not read yet',
    ],
  ],
  [
    'what the vendor had purged before a run came is lost',
    [
      batch(june(4), june(8)),
      run(8, { from: june(4), oldest: june(4) }),
      run(20, { from: june(7, 2), oldest: june(16, 2) }),
    ],
    [
      `04..06 ${COMPLETE}`,
      '07 provisional: read',
      '08..15 gap: lost to retention',
      `16..18 ${COMPLETE}`,
      '19 provisional: read',
      '20 provisional: partly read',
    ],
  ],
  [
    'a vendor that still has what was archived has purged nothing',
    [
      batch(june(4), june(8)),
      run(8, { from: june(4), oldest: june(4) }),
      run(20, { from: june(7, 2), oldest: june(4) }),
    ],
    [`04..18 ${COMPLETE}`, '19 provisional: read', '20 provisional: partly read'],
  ],
  [
    'where nothing happened for long, the age of the oldest event is not how long the vendor keeps',
    [
      batch(june(1), june(1, 1)),
      run(2, { from: june(1), oldest: june(1) }),
      run(13, { oldest: june(1) }),
      run(15, { oldest: null }),
      run(20, { from: june(14, 2), oldest: june(19, 20) }),
    ],
    [`01..18 ${COMPLETE}`, '19 provisional: read', '20 provisional: partly read'],
  ],
  [
    'a vendor that keeps less than it did is believed',
    [
      batch(june(1), june(13, 1)),
      run(13, { from: june(1), oldest: june(1) }),
      run(20, { from: june(12, 2), oldest: june(17) }),
    ],
    [
      `01..11 ${COMPLETE}`,
      '12 provisional: read',
      '13..16 gap: lost to retention',
      `17..18 ${COMPLETE}`,
      '19 provisional: read',
      '20 provisional: partly read',
    ],
  ],
  [
    'a check with the vendor counts, the last one, and not before late events have come',
    [
      run(15, { from: june(14) }),
      ...nightly(16, 20),
      run(20, {
        job: 'reconcile',
        checked: [
          checkedDay(14, 'missing'),
          checkedDay(15, 'missing'),
          checkedDay(16, 'unread'),
          checkedDay(17, 'complete'),
          checkedDay(19, 'complete'),
        ],
      }),
      // An older ledger's word for it.
      run(20, { job: 'check', checked: [checkedDay(14, 'complete')] }),
    ],
    [
      '14 complete: checked with the vendor',
      '15 gap: missing at check',
      `16 ${COMPLETE}`,
      '17 complete: checked with the vendor',
      `18 ${COMPLETE}`,
      '19 provisional: read',
      '20 provisional: partly read',
    ],
  ],
  [
    'a backfill adds the days before the first window, and no others',
    [
      run(19, { from: june(18) }),
      run(20),
      run(20, { job: 'backfill', from: june(10), to: june(12, 5) }),
      run(20, { job: 'backfill', outcome: 'incomplete', from: june(5), to: june(7) }),
    ],
    [
      '10..11 complete: read',
      `18 ${COMPLETE}`,
      '19 provisional: read',
      '20 provisional: partly read',
    ],
  ],
  [
    'what was removed on purpose is no gap',
    [
      batch(june(10), june(12, 5)),
      run(15, { from: june(10) }),
      ...nightly(16, 20),
      { kind: 'prune', at: iso(NOW), seqs: [[1, 1]] },
    ],
    [
      '10..12 complete: pruned',
      `13..18 ${COMPLETE}`,
      '19 provisional: read',
      '20 provisional: partly read',
    ],
  ],
  [
    'figures are restated for a week, and those of the current period are not final',
    [
      batch(june(1), june(5), { kind: 'series' }),
      run(10, { from: june(1), to: june(11), watermark: june(10) }),
      run(20, { from: june(3), to: june(21), watermark: june(20) }),
    ],
    [`01..12 ${COMPLETE}`, '13..19 provisional: read', '20 provisional: partly read'],
  ],
  [
    'a month that is not over is provisional, up to where it was read',
    [
      batch(june(1), june(1), { kind: 'series' }),
      run(20, { from: june(1), to: Date.UTC(2026, 6, 1), watermark: june(1) }),
    ],
    ['01..19 provisional: read', '20 provisional: partly read'],
  ],
  [
    'what the vendor froze is read once and ends there',
    [
      batch(june(1), june(4), { kind: 'series' }),
      run(5, { from: 0, to: june(6), watermark: june(5) }),
      run(6, { from: null, watermark: june(5) }),
    ],
    ['01..04 complete: read'],
  ],
  [
    'nor has it days if it has no figures',
    [
      run(5, { from: 0, to: june(6), watermark: june(5) }),
      run(8, { from: null, watermark: june(5) }),
    ],
    [],
  ],
  [
    'a series that has ended by declaration has none after its one reading',
    [
      { ...batch(june(1), june(2), { stream: 'other', kind: 'snapshot' }), vendor: 'any' },
      run(5, { from: june(1), to: june(6), watermark: june(4), stream: 'ended' }),
    ],
    ['01..03 complete: read'],
  ],
  [
    'one that has brought nothing yet is none of events: its month is read',
    [
      { ...batch(june(1), june(2), { stream: 'other', kind: 'snapshot' }), vendor: 'any' },
      run(20, { from: june(1), to: Date.UTC(2026, 6, 1), watermark: june(1), stream: 'monthly' }),
    ],
    ['01..19 provisional: read', '20 provisional: partly read'],
  ],
  [
    'what is unavailable has no gaps',
    [run(5, { from: june(1), outcome: 'unavailable', watermark: null })],
    [],
  ],
  [
    'a snapshot has no days',
    [batch(june(1), june(1), { kind: 'snapshot' }), run(20, { from: null, watermark: null })],
    [],
  ],
];

/** The lines of an account of another name, further down in a ledger. */
function moved(lines: Line[], source: string, down: number): Line[] {
  const renamed = JSON.stringify(lines).replaceAll('"source":"acme"', `"source":"${source}"`);
  return (JSON.parse(renamed) as Line[]).map((line) =>
    line['kind'] === 'prune'
      ? { ...line, seqs: (line['seqs'] as number[][]).map((seqs) => seqs.map((n) => n + down)) }
      : line,
  );
}

// Each is an account of one ledger: the question takes as long for one as for all.
describe('of a stream', () => {
  let found: Coverage['days'];
  beforeAll(async () => {
    const all: Line[] = [];
    for (const [i, [, lines]] of CASES.entries())
      all.push(...moved(lines, `acme-${i}`, all.length));
    found = (await coverage(all)).days;
  });

  test.each(CASES.map(([what, , expected], i) => [what, expected, `acme-${i}`] as const))(
    '%s',
    (_, expected, own) => {
      expect(shown(found.filter(({ source }) => source === own))).toEqual(expected);
    },
  );
});

test('a line that is being written, or was torn by a crash, is none yet', async () => {
  const { files: written, seq } = await ledger([run(19, { from: 0 }), run(20)]);
  await appendFile(written[0] ?? '', '{"seq":3,"kind":"ba');
  const { days: found } = await coverageOf({ files: written, seq }, [], {
    now: NOW,
    late: 48 * HOUR,
  });
  expect(found.map(({ from }) => from)).toEqual(['2026-06-19', '2026-06-20']);
});

const kept = async (lines: Line[]): Promise<unknown> =>
  (await coverage(lines)).streams[0]?.retention;

test('how long the vendor keeps a log is told by what it has purged', async () => {
  const archived = batch(june(4), june(8));
  expect(await kept([archived, run(8, { from: june(4) })])).toBeNull();
  expect(await kept([archived, run(8, { from: june(4), oldest: june(4) })])).toEqual({
    oldestServed: june(4),
    measuredAt: june(8, 2),
    keptFor: null,
  });
  expect(await kept([archived, run(20, { from: june(4), oldest: june(16, 2) })])).toEqual({
    oldestServed: june(16, 2),
    measuredAt: june(20, 2),
    keptFor: 96 * HOUR,
  });
});

test('each day has its evidence', async () => {
  const lines = [
    batch(june(17), june(18, 1)),
    run(18, { from: june(17) }),
    run(19),
    run(20),
    run(20, { job: 'reconcile', checked: [checkedDay(17, 'missing', { vendor: 5, note: 'why' })] }),
  ];
  const { connection, close } = await openDatabase(':memory:', { spill: join(folder, 'spill') });
  try {
    await createCoverage(connection, []);
    await loadLedger(connection, await ledger(lines));
    await connection.run(
      `insert into internal.events by name
       select 1 as seq, unnest([timestamptz '2026-06-17 05:00:00Z', '2026-06-17 06:00:00Z']) as occurred_at`,
    );
    const reader = await connection.runAndReadAll('select * from coverage order by day limit 2');
    expect(reader.getRowObjectsJson()).toEqual([
      {
        source: 'acme',
        stream: 'log',
        day: '2026-06-17',
        state: 'gap',
        reason: 'missing at check',
        events: '2',
        first_read_at: '2026-06-18 02:00:00+00',
        last_read_at: '2026-06-19 02:00:00+00',
        checked_at: '2026-06-20 02:00:00+00',
        vendor_count: '5',
        kept_days: null,
        served_until: null,
        note: 'why',
        seq: '5',
      },
      {
        source: 'acme',
        stream: 'log',
        day: '2026-06-18',
        state: 'complete',
        reason: 'read again after the lookback',
        events: '0',
        first_read_at: '2026-06-18 02:00:00+00',
        last_read_at: '2026-06-20 02:00:00+00',
        checked_at: null,
        vendor_count: null,
        kept_days: null,
        served_until: null,
        note: null,
        seq: '4',
      },
    ]);
  } finally {
    close();
  }
});

async function servedUntil(lines: Line[], says: number | null): Promise<unknown> {
  const { connection, close } = await openDatabase(':memory:', { spill: join(folder, 'spill') });
  try {
    await createCoverage(connection, []);
    await loadLedger(connection, await ledger(lines));
    if (says !== null) {
      await connection.run(
        `insert into internal.stated_streams values ('any', 'log', 'log', false, ${says * 86_400}), ('any', 'other', 'log', false, 1), ('else', 'log', 'log', false, 1)`,
      );
    }
    const reader = await connection.runAndReadAll(
      `select kept_days, served_until from coverage where day = '2026-06-17'`,
    );
    return reader.getRowObjectsJson();
  } finally {
    close();
  }
}

describe('until when the vendor has a day', () => {
  const archived = { ...batch(june(1), june(18, 1)), vendor: 'any' };

  test('nobody knows', async () => {
    const unknown = [{ kept_days: null, served_until: null }];
    expect(await servedUntil([archived, run(20, { from: june(4) })], null)).toEqual(unknown);
  });

  test('the vendor says it', async () => {
    expect(await servedUntil([archived, run(20, { from: june(4) })], 7)).toEqual([
      { kept_days: 7, served_until: '2026-06-24 00:00:00+00' },
    ]);
  });

  test('it was measured', async () => {
    expect(
      await servedUntil([archived, run(20, { from: june(4), oldest: june(16, 2) })], 7),
    ).toEqual([{ kept_days: 4, served_until: '2026-06-21 00:00:00+00' }]);
  });
});

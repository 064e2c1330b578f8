/** What `npm run bench` says of figures, without measuring any. */
import { describe, expect, test } from 'vitest';

type Miss = { where: string; figure: string };

const bench = async <Named>(file: string): Promise<Named> =>
  (await import(new URL(`../../bench/${file}.mjs`, import.meta.url).href)) as Named;
const { misses } = await bench<{ misses: (document: object) => Miss[] }>('judge');
const { markdown } = await bench<{ markdown: (document: object) => string }>('table');
const { readOptions } = await bench<{ readOptions: (argv: readonly string[]) => object | null }>(
  'options',
);

const PHASES = { read: 1, warehouse: 0.5, lake: 0.4, process: 0.1 };

/** A history for whose events everything costs what it may. */
function size(events: number, change: object = {}): object {
  const reference = { seconds: 1, cpu: events * 1e-5, peak: 1e8 };
  const sync = {
    seconds: events / 50_000,
    cpu: reference.cpu * 3.5,
    peak: 400e6,
    phases: PHASES,
    events_per_second: 50_000,
    times_drain: 5,
  };
  return {
    events,
    drain: { events_per_second: 250_000, before: 250_000, after: 250_000 },
    reference,
    sync,
    split: null,
    second: { seconds: 1.5, phases: PHASES },
    verify: { seconds: sync.seconds * 0.4 },
    verify_since_last: { seconds: 0.5 },
    bytes_per_event: { lake: 110, archive: 100, warehouse: 500 },
    others: [],
    ...change,
  };
}

function night(events: number, change: object = {}): object {
  const costs = { written: 1e7, to_disk: 1e7, read: 5e7, cpu: 0.9, seconds: 1, peak: 2e8 };
  return { events, new_events: 1_000, ...costs, ...change };
}

const lane = (concurrency: number, times: number): object => ({
  concurrency,
  requests: 97,
  seconds: 10 / times,
  phases: PHASES,
  times_faster: times,
});

const DOCUMENT = {
  machine: { cores: 2, cpu: 'cpu', memory: 2 ** 33, node: 'v20', load_before: 0 },
  sizes: [size(200_000), size(1_000_000)],
  nights: [night(60_000), night(600_000, { written: 1.5e7, read: 7.5e7, cpu: 1.35 })],
  no_news: [
    { earlier_batches: 0, cpu: 1, seconds: 1, read: 5e6 },
    { earlier_batches: 73_000, cpu: 1.3, seconds: 1.3, read: 5e6 },
  ],
  latency: { events: 100_000, latency_ms: 100, runs: [lane(1, 1), lane(4, 3.3)] },
  quiet_night: { streams: 25, latency_ms: 100, runs: [lane(1, 1), lane(4, 3)] },
  notes: [],
};

const missed = (change: object): string[] =>
  misses({ ...DOCUMENT, ...change }).map(({ where, figure }) => `${where}: ${figure}`);

test('what costs just what it may misses no limit', () => {
  expect(missed({})).toEqual([]);
});

describe('a limit is missed by', () => {
  const cpu = { seconds: 4, cpu: 7.1, peak: 1e8, phases: PHASES, events_per_second: 5e4 };
  const compared = 'first sync, CPU of the reference process';
  test.each<[string, object, string[]]>([
    [
      'the CPU of a first sync',
      { sizes: [size(200_000, { sync: { ...cpu, times_drain: 4 } })] },
      [`first sync, 200,000 events: ${compared}`],
    ],
    [
      'memory, at any size',
      { sizes: [size(200_000, { sync: { ...cpu, cpu: 7, peak: 401e6, times_drain: 6 } })] },
      ['first sync, 200,000 events: peak memory'],
    ],
    [
      'the time of a large size alone',
      {
        sizes: [size(1_000_000, { sync: { ...cpu, seconds: 20, cpu: 35, times_drain: 5.1 } })],
      },
      ['first sync, 1,000,000 events: first sync, time of a drain'],
    ],
    [
      'a night that costs more on a long history',
      { nights: [night(60_000), night(600_000, { written: 1.6e7, read: 8e7, cpu: 1.4 })] },
      ['written', 'read', 'CPU'].map(
        (name) => `night, of 600,000 events: ${name}, to the shorter history`,
      ),
    ],
    [
      'a figure that is no number',
      { nights: [night(60_000), night(600_000, { cpu: Number.NaN })] },
      ['night, of 600,000 events: CPU, to the shorter history'],
    ],
    [
      'lanes that win too little',
      { latency: { ...DOCUMENT.latency, runs: [lane(1, 1), lane(4, 3.2)] } },
      ['slow vendor, concurrency 4: faster than one at a time'],
    ],
  ])('%s', (_, change, expected) => {
    expect(missed(change)).toEqual(expected);
  });

  test('nothing that was left out, or that this system cannot measure', () => {
    const unknown = { written: null, to_disk: null, read: null };
    const nights = [night(60_000, unknown), night(600_000, unknown)];
    const left = { sizes: [], nights, no_news: [], latency: null, quiet_night: null };
    expect(missed(left)).toEqual([]);
    expect(markdown({ ...DOCUMENT, ...left, misses: [] })).toContain('| written |  | – | – |');
  });
});

test('a machine that was busy, or became so, is said', () => {
  const drain = { events_per_second: 2e5, before: 3e5, after: 2e5 };
  const text = markdown({
    ...DOCUMENT,
    machine: { ...DOCUMENT.machine, load_before: 1 },
    sizes: [size(200_000, { drain })],
    misses: [],
  });
  expect(text.match(/NOISY.*/g)).toEqual([
    'NOISY  load was 1.0 before the start',
    'NOISY  200,000 events: drained 300,000 events/s before the sync and 200,000 after it',
  ]);
});

test.each([
  [[], { sizes: [200_000, 1_000_000], nights: [60_000, 600_000], batches: 73_000 }],
  [['10000000'], { sizes: [1_000_000, 10_000_000] }],
  [['1000000', '10000000'], { sizes: [1_000_000, 10_000_000] }],
  [['5000', '--nights', '0', '--batches', '0'], { sizes: [5_000], nights: [], batches: 0 }],
  [['--against', 'dlt', '--markdown'], { against: 'dlt', markdown: true }],
])('%j measures %j', (args, expected) => {
  expect(readOptions(args)).toMatchObject(expected);
});

test.each([['x'], ['0'], ['-5'], ['--against=spark'], ['--json', '--markdown'], ['--batches=-1']])(
  '%s measures nothing',
  (...args) => {
    expect(readOptions(args)).toBeNull();
  },
);

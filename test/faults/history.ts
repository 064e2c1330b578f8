/** Histories of a vendor's log and of the syncs that read it, made by chance and always the same for a seed. */
import * as fc from 'fast-check';
import type { FaultKind } from '../../src/sandbox/faults.ts';
import type { Moment } from './troubles.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Later than this no event comes: with a clock that is wrong by `CLOCK_ERROR` it is still within the lookback. */
const LATEST = 12 * HOUR;
const CLOCK_ERROR = 6 * HOUR;

/** What happens at the vendor between or during syncs. `pick` chooses among what is there. */
export type Change =
  | { kind: 'new'; count: number; within: number }
  | { kind: 'late'; count: number; by: number }
  | { kind: 'tie'; count: number }
  | { kind: 'changed' | 'gone' | 'back' | 'reordered'; pick: number };

export type Sync = {
  kind: 'sync';
  /** Where the process dies, as a share of the writes of a run; null: it does not. */
  crash: { share: number; moment: Moment } | null;
  /** Whether what lies there is looked at before the next sync. */
  inspected: boolean;
  pageCap: number | null;
  /** How much time passes with each look at the clock: with it batches become due. */
  tick: number;
  ours: number;
  theirs: number;
  server: { kind: 'well' } | { kind: 'fault'; fault: FaultKind } | { kind: 'down'; after: number };
  /** What changes before the second and the third page are served. */
  meanwhile: Change[];
};

export type Event = Sync | Change | { kind: 'time'; passes: number };

const pick = fc.noBias(fc.nat(1_000_000));

const change: fc.Arbitrary<Change> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('new'),
      count: fc.integer({ min: 1, max: 12 }),
      within: fc.integer({ min: 1, max: HOUR }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('late'),
      count: fc.integer({ min: 1, max: 3 }),
      by: fc.integer({ min: 0, max: LATEST }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('tie'), count: fc.integer({ min: 2, max: 15 }) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constantFrom('changed', 'gone', 'back', 'reordered'), pick }),
  },
);

const time = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: MINUTE, max: 4 * HOUR }) },
  { weight: 1, arbitrary: fc.integer({ min: 20 * DAY, max: 40 * DAY }) },
);

const clockError = fc.oneof(
  { weight: 8, arbitrary: fc.constant(0) },
  { weight: 2, arbitrary: fc.constantFrom(-CLOCK_ERROR, -MINUTE, MINUTE, CLOCK_ERROR) },
);

const server: fc.Arbitrary<Sync['server']> = fc.oneof(
  { weight: 30, arbitrary: fc.constant({ kind: 'well' as const }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('down'), after: fc.integer({ min: 1, max: 5 }) }),
  },
  { weight: 3, arbitrary: fc.constant({ kind: 'fault' as const, fault: '500' as const }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('fault'),
      fault: fc.constantFrom('429', 'cut', 'json-cut', 'reset'),
    }),
  },
);

const sync: fc.Arbitrary<Sync> = fc.record<Sync>({
  kind: fc.constant('sync'),
  crash: fc.option(
    fc.record({
      share: fc.noBias(fc.nat(9_999)).map((part) => part / 10_000),
      moment: fc.constantFrom<Moment[]>('before', 'half', 'after'),
    }),
    { freq: 6 },
  ),
  inspected: fc.boolean(),
  pageCap: fc.constantFrom(null, 4, 15),
  tick: fc.constantFrom(0, 0, 2_000, 5_000),
  ours: clockError,
  theirs: clockError,
  server,
  meanwhile: fc.oneof(
    { weight: 3, arbitrary: fc.constant<Change[]>([]) },
    { weight: 1, arbitrary: fc.array(change, { maxLength: 4 }) },
  ),
});

/** Each sync after something has happened. */
export const history: fc.Arbitrary<Event[]> = fc
  .array(
    fc
      .tuple(fc.array(change, { maxLength: 4 }), time, sync)
      .map(([changes, passes, last]): Event[] => [{ kind: 'time', passes }, ...changes, last]),
    { minLength: 4, maxLength: 14 },
  )
  .map((turns) => turns.flat());

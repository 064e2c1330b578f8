/** Every figure by name, how it is shown, and the limit that it must keep. What has no limit is there to be watched. */

const seconds = (value) => `${value.toFixed(2)} s`;
const rate = (value) => count(Math.round(value));
const times = (value) => `× ${value.toFixed(2)}`;
const bytes = (value) => value.toFixed(1);
const mebibytes = (value) => `${Math.round(value / 2 ** 20)} MiB`;

export const PHASES = {
  read: 'fetching, archiving and loading beside it',
  warehouse: 'waiting for the rest of the load',
  lake: 'lake',
  process: 'start and end of the process',
};

/** `of` takes one size, and the first one to compare with; `blame` the run whose phases explain a miss. */
export const SIZE_FIGURES = [
  { name: 'drain, events/s', show: rate, of: ({ drain }) => drain.events_per_second },
  { name: 'first sync, events/s', show: rate, of: ({ sync }) => sync.events_per_second },
  {
    name: 'first sync, time of a drain',
    show: times,
    of: ({ sync }) => sync.times_drain,
    limit: { words: '≤ 8, aim 5', keeps: (value) => value <= 8 },
    blame: ({ sync }) => sync,
  },
  { name: 'first sync', show: seconds, of: ({ sync }) => sync.seconds },
  ...phaseRows(({ sync }) => sync),
  { name: 'peak memory', show: mebibytes, of: ({ sync }) => sync.peak },
  {
    name: 'peak memory, to the first size',
    show: times,
    of: ({ sync }, first) => sync.peak / first.sync.peak,
  },
  {
    name: 'second sync, nothing new',
    show: seconds,
    of: ({ second }) => second.seconds,
    limit: { words: '≤ 1.5 s', keeps: (value) => value <= 1.5 },
    blame: ({ second }) => second,
  },
  {
    name: 'verify',
    show: seconds,
    of: ({ verify }) => verify.seconds,
    limit: { words: '< first sync', keeps: (value, { sync }) => value < sync.seconds },
  },
  {
    name: 'lake, bytes per event with raw',
    show: bytes,
    of: ({ bytes_per_event }) => bytes_per_event.lake,
    limit: { words: '≤ 110', keeps: (value) => value <= 110 },
  },
  {
    name: 'archive, bytes per event',
    show: bytes,
    of: ({ bytes_per_event }) => bytes_per_event.archive,
  },
  {
    name: 'warehouse, bytes per event',
    show: bytes,
    of: ({ bytes_per_event }) => bytes_per_event.warehouse,
  },
];

/** `of` takes one run and the one with a single request at a time. */
export const LATENCY_FIGURES = [
  { name: 'first sync', show: seconds, of: (run) => run.seconds },
  ...phaseRows((run) => run),
  {
    name: 'faster than one at a time, fetching only',
    show: times,
    of: (run, alone) => alone.phases.read / run.phases.read,
  },
  {
    name: 'faster than one at a time',
    show: times,
    of: (run) => run.times_faster,
    // The one at a time is what the others are compared with.
    limit: { words: '≥ 3 with 4', keeps: (value, run) => run.concurrency === 1 || value >= 3 },
    blame: (run) => run,
  },
];

export function count(value) {
  return value.toLocaleString('en-US');
}

/** A figure that is no number keeps no limit. */
export function isMissed({ of, limit }, column, first) {
  return limit !== undefined && !limit.keeps(of(column, first), column);
}

/** Each limit that is missed, and the phase that takes most of the time in question. */
export function misses(figures, columns, nameOf) {
  return columns.flatMap((column) =>
    figures
      .filter((figure) => isMissed(figure, column, columns[0]))
      .map(({ name, show, of, limit, blame }) => ({
        where: nameOf(column),
        figure: name,
        value: of(column, columns[0]),
        shown: show(of(column, columns[0])),
        limit: limit.words,
        ...(blame === undefined ? {} : { costs: dearest(blame(column)) }),
      })),
  );
}

function dearest({ phases, seconds: whole }) {
  const [phase, took] = Object.entries(phases).toSorted(([, a], [, b]) => b - a)[0];
  return { phase, name: PHASES[phase], seconds: took, share: took / whole };
}

function phaseRows(runOf) {
  return Object.entries(PHASES).map(([phase, name]) => ({
    name: `– ${name}`,
    show: seconds,
    of: (column) => runOf(column).phases[phase],
  }));
}

/**
 * Every figure by name, how it is shown, and the limit that it must keep. What has no limit is there to be watched. `of` takes
 * a column and the first one, to compare with; it is null where there is nothing to show. `blame` is the run whose phases
 * explain a miss.
 */
import { bytes, megabytes, microseconds, number, seconds, times } from './show.mjs';

export const PHASES = {
  read: 'fetching, archiving and loading meanwhile',
  warehouse: 'waiting for the rest of the load',
  lake: 'lake',
  process: 'start and end of the process',
};

const MILLION = 1_000_000;
const PEAK = atMost(400 * MILLION, '≤ 400 MB');
const NIGHT = atMost(1.5, '≤ 1.5');

/** One column per size of history. */
export const SIZE_FIGURES = [
  { name: 'drain, events/s', show: number, of: ({ drain }) => drain.events_per_second },
  {
    name: 'reference process, CPU per event',
    show: microseconds,
    of: ({ reference, events }) => reference.cpu / events,
  },
  {
    name: 'first sync, CPU of the reference process',
    show: times,
    of: ({ sync, reference }) => sync.cpu / reference.cpu,
    limit: atMost(3.5, '≤ 3.5, aim 2.5'),
  },
  {
    name: 'first sync, CPU per event',
    show: microseconds,
    of: ({ sync, events }) => sync.cpu / events,
  },
  partRow('fetching and archiving', 'archive'),
  partRow('load', 'load'),
  partRow('lake', 'lake'),
  { name: 'first sync, events/s', show: number, of: ({ sync }) => sync.events_per_second },
  {
    name: 'first sync, time of a drain',
    show: times,
    of: ({ sync }) => sync.times_drain,
    limit: {
      words: '≤ 5 from 1,000,000 on',
      keeps: (value, { events }) => events < MILLION || value <= 5,
    },
    blame: ({ sync }) => sync,
  },
  { name: 'first sync', show: seconds, of: ({ sync }) => sync.seconds },
  ...phaseRows(({ sync }) => sync),
  {
    name: 'first sync, time per event to the first size',
    show: times,
    of: ({ sync }, first) => first.sync.events_per_second / sync.events_per_second,
    limit: atMost(1.1, '≤ 1.1'),
    blame: ({ sync }) => sync,
  },
  { name: 'peak memory', show: megabytes, of: ({ sync }) => sync.peak, limit: PEAK },
  {
    name: 'second sync, nothing new',
    show: seconds,
    of: ({ second }) => second.seconds,
    limit: atMost(1.5, '≤ 1.5 s'),
    blame: ({ second }) => second,
  },
  { name: 'verify', show: seconds, of: ({ verify }) => verify.seconds },
  {
    name: 'verify, time of the first sync',
    show: times,
    of: ({ verify, sync }) => verify.seconds / sync.seconds,
    limit: atMost(0.4, '≤ 0.4'),
  },
  {
    name: 'verify --since-last, nothing new',
    show: seconds,
    of: (column) => column.verify_since_last.seconds,
  },
  {
    name: 'lake, bytes per event with raw',
    show: bytes,
    of: ({ bytes_per_event }) => bytes_per_event.lake,
    limit: atMost(110, '≤ 110'),
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

/** One column per program that brings the first size's history into files: the product, and whoever else is there. */
export const OTHERS_FIGURES = [
  { name: 'CPU per event', show: microseconds, of: ({ cpu, events }) => cpu / events },
  { name: 'time', show: seconds, of: (column) => column.seconds },
  { name: 'peak memory', show: megabytes, of: ({ peak }) => peak },
  { name: 'Parquet, bytes per event', show: bytes, of: ({ lake }) => lake },
];

/** One column per size of history on which nights come. */
export const NIGHT_FIGURES = [
  ...nightRows('written', megabytes, 'written'),
  { name: 'of it to the disk', show: megabytes, of: ({ to_disk }) => to_disk },
  ...nightRows('read', megabytes, 'read'),
  ...nightRows('CPU', seconds, 'cpu'),
  { name: 'time', show: seconds, of: (column) => column.seconds },
  { name: 'peak memory', show: megabytes, of: ({ peak }) => peak, limit: PEAK },
];

/** One column per number of batch files; the first has those of a new home. */
export const NO_NEWS_FIGURES = [
  { name: 'read', show: megabytes, of: ({ read }) => read },
  { name: 'CPU', show: seconds, of: ({ cpu }) => cpu },
  {
    name: 'CPU, to a new home',
    show: times,
    of: ({ cpu }, first) => cpu / first.cpu,
    limit: atMost(1.3, '≤ 1.3'),
  },
  { name: 'time', show: seconds, of: (column) => column.seconds },
  {
    name: 'time, to a new home',
    show: times,
    of: (column, first) => column.seconds / first.seconds,
    limit: atMost(1.3, '≤ 1.3'),
  },
];

/** One column per number of requests in flight; the first has one. */
export const LATENCY_FIGURES = [
  { name: 'first sync', show: seconds, of: (run) => run.seconds },
  ...phaseRows((run) => run),
  ...fasterRows(3.3),
];

export const QUIET_NIGHT_FIGURES = [
  { name: 'requests', show: number, of: ({ requests }) => requests },
  { name: 'time', show: seconds, of: (run) => run.seconds },
  ...phaseRows((run) => run),
  ...fasterRows(3),
];

function atMost(most, words) {
  return { words, keeps: (value) => value <= most };
}

function partRow(name, part) {
  return {
    name: `– ${name}`,
    show: microseconds,
    of: ({ split, events }) => (split === null ? null : split[part] / events),
  };
}

function nightRows(name, show, key) {
  const of = (column) => column[key];
  const compared = (column, first) => (of(column) === null ? null : of(column) / of(first));
  return [
    { name, show, of },
    { name: `${name}, to the shorter history`, show: times, of: compared, limit: NIGHT },
  ];
}

/** The one at a time is what the others are compared with. */
function fasterRows(least) {
  return [
    {
      name: 'faster than one at a time, fetching only',
      show: times,
      of: (run, alone) => alone.phases.read / run.phases.read,
    },
    {
      name: 'faster than one at a time',
      show: times,
      of: (run) => run.times_faster,
      limit: {
        words: `≥ ${least} with 4`,
        keeps: (value, { concurrency }) => concurrency === 1 || value >= least,
      },
      blame: (run) => run,
    },
  ];
}

function phaseRows(runOf) {
  return Object.entries(PHASES).map(([phase, name]) => ({
    name: `– ${name}`,
    show: seconds,
    of: (column) => runOf(column).phases[phase],
  }));
}

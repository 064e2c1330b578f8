/**
 * A night of all six vendors: node bench/six-vendors.mjs [PEOPLE [LATENCY_MS]]
 *
 * Each has so many people (2,000), every answer takes 100 ms, and requests are limited by the minute as the vendors document it. A
 * week is read first, then come a quiet night, of each vendor alone and of all together, and a night with the news of a day. Exit
 * code 1 if a limit is missed. Needs `npm run build`.
 */
import { fileURLToPath } from 'node:url';
import { homeIn, makeFolder, program, removeFolder, server } from './children.mjs';
import { BOUNDS, MINUTES } from './documented-limits.mjs';
import { count, megabytes, seconds, times } from './show.mjs';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const DAY = 86_400_000;
const HISTORY = { days: 30, read: 7 };
/** Events of each log in its history: some five for each person. */
const EVENTS_PER_PERSON = 5;
const LIMIT_MS = 60 * 60_000;

/** All together may take longer than the slowest alone: reading side by side, they share the processor. */
const MOST_TIMES_SLOWEST = 2;
const MOST_PEAK = 1_000_000_000;

const people = Number(process.argv[2] ?? 2_000);
const latencyMs = Number(process.argv[3] ?? 100);
const until = Math.floor(Date.now() / DAY) * DAY - DAY;
const folder = makeFolder();
const missed = [];
try {
  await quietNights();
  await nightWithNews();
} finally {
  removeFolder(folder);
}
for (const line of missed) say(`MISSED  ${line}`);
process.exitCode = missed.length === 0 ? 0 : 1;

async function quietNights() {
  const vendors = await sandboxes({ behindMs: DAY, latencyMs: 0, minutes: {} });
  await night('first sync of a week, without latency', vendors, { behindMs: DAY });
  // The first night after a history finds more to do than those that follow.
  await night('the night after', vendors, { behindMs: DAY });
  await vendors.stop();

  const late = await sandboxes({ behindMs: DAY, latencyMs, minutes: MINUTES });
  let slowest = 0;
  for (const [type, bound] of Object.entries(BOUNDS)) {
    const { read, asked } = await night(`quiet night, ${type}`, late, { behindMs: DAY, type });
    slowest = Math.max(slowest, read);
    const most = bound(people) + asked[type].refused;
    if (asked[type].requests > most) {
      missed.push(`${type}: ${asked[type].requests} requests, by its page ${most}`);
    }
  }
  const { name, read } = await night('quiet night, all', late, { behindMs: DAY });
  await late.stop();
  const ratio = read / slowest;
  say(`    ${times(ratio)} of the slowest alone`);
  if (ratio > MOST_TIMES_SLOWEST) {
    missed.push(`${name}: ${times(ratio)} of the slowest alone, limit ${MOST_TIMES_SLOWEST}`);
  }
}

async function nightWithNews() {
  const vendors = await sandboxes({ behindMs: 0, latencyMs, minutes: MINUTES });
  await night('night with news, all', vendors, { behindMs: 0 });
  await vendors.stop();
}

/** Of every run. */
function judge({ name, peak }, { outcome }) {
  if (outcome !== 'complete') missed.push(`${name}: ${outcome}`);
  if (peak > MOST_PEAK) {
    missed.push(`${name}: ${megabytes(peak)}, limit ${megabytes(MOST_PEAK)}`);
  }
}

function sandboxes(options) {
  const events = EVENTS_PER_PERSON * people;
  const company = { users: people, events, days: HISTORY.days, until };
  return server([here('all-sandboxes.mjs'), JSON.stringify({ ...company, ...options })], {
    limitMs: LIMIT_MS,
    startMs: 120_000,
  });
}

async function night(name, vendors, { behindMs, type = null }) {
  const verb = ['sync', ...(type === null ? [] : [type]), '--json', '--quiet'];
  await vendors.ask();
  const { stdout, ...usage } = await program([here('earlier.mjs'), String(behindMs), ...verb], {
    folder,
    env: {
      ...vendors.said.variables,
      AUDITLAKE_HOME: homeIn(folder),
      AUDITLAKE_START: new Date(until - HISTORY.read * DAY).toISOString().slice(0, 10),
    },
    limitMs: LIMIT_MS,
  });
  const document = JSON.parse(stdout);
  const asked = await vendors.ask();
  const read = (Date.parse(document.finished_at) - Date.parse(document.started_at)) / 1000;
  const run = { name, ...usage, read, asked };
  show(run, document);
  judge(run, document);
  return run;
}

function show({ name, seconds: took, read, cpu, peak, asked }, { streams, warehouse, lake }) {
  const parts = [
    `${seconds(took)} in all`,
    `${seconds(read)} reading`,
    `${seconds(warehouse.ms / 1000)} the rest of the load`,
    `${seconds((lake?.ms ?? 0) / 1000)} lake`,
    `${seconds(cpu)} of CPU`,
    `${megabytes(peak)} at most`,
  ];
  say(`${name}: ${parts.join(', ')}`);
  for (const [type, { requests, refused, seconds: span }] of Object.entries(asked)) {
    if (requests === 0) continue;
    const own = streams.filter(({ source }) => source === type);
    const sum = (figure) => own.reduce((total, stream) => total + stream[figure], 0);
    const cells = [
      `${count(requests)} requests`,
      `${count(refused)} refused`,
      `${count(sum('new_records'))} new`,
      `${count(sum('changed_records'))} changed`,
      seconds(span),
    ];
    say(`    ${type.padEnd(10)}${cells.map((cell) => cell.padStart(17)).join('')}`);
  }
}

function say(line) {
  process.stdout.write(`${line}\n`);
}

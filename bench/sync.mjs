/**
 * The figures of the README, measured anew: npm run bench -- --help
 *
 * Cost is judged by ratios within this one run, so that the limits mean the same on any machine. Exit code 1 if a limit
 * is missed. Everything is on loopback; nothing is left behind.
 */
import { cpus, loadavg, totalmem } from 'node:os';
import { measureDlt, whyNoDlt } from './dlt.mjs';
import { misses } from './judge.mjs';
import { measureLatency } from './latency.mjs';
import { measureNights } from './nights.mjs';
import { measureNoNews } from './no-news.mjs';
import { USAGE, readOptions } from './options.mjs';
import { measureQuietNight } from './quiet-night.mjs';
import { count } from './show.mjs';
import { measureSize } from './size.mjs';
import { markdown, screen } from './table.mjs';

const asked = readOptions(process.argv.slice(2));
if (asked === null || asked.help) {
  const [to, code] = asked === null ? [process.stderr, 2] : [process.stdout, 0];
  to.write(`${USAGE}\n`);
  process.exit(code);
}

const say = (what) => process.stderr.write(`bench: ${what}\n`);
const ofHistory = (events) => (what) => say(`${count(events)} events, ${what}`);
// Whoever else was at work spoils the figures: said, so that they are not believed.
const [load] = loadavg();
const noDlt = asked.against === undefined ? null : whyNoDlt();
const others =
  asked.against === undefined || noDlt !== null ? [] : [{ name: 'dlt', measure: measureDlt }];

const sizes = [];
for (const [place, events] of asked.sizes.entries()) {
  const more = place === 0 ? { split: true, others } : { split: false, others: [] };
  sizes.push(await measureSize(events, more, ofHistory(events)));
}
const nights = [];
for (const events of asked.nights) nights.push(await measureNights(events, ofHistory(events)));
const measured = {
  version: 2,
  measured_at: new Date().toISOString(),
  machine: {
    cores: cpus().length,
    cpu: cpus()[0]?.model ?? 'unknown',
    memory: totalmem(),
    node: process.version,
    load_before: load,
  },
  sizes,
  nights,
  no_news: asked.batches === 0 ? [] : await measureNoNews(asked.batches, say),
  latency: asked.latencyEvents === 0 ? null : await measureLatency(asked.latencyEvents, say),
  quiet_night: asked.latencyEvents === 0 ? null : await measureQuietNight(say),
  notes: noDlt === null ? [] : [noDlt],
};
const document = { ...measured, misses: misses(measured) };
const print = asked.json ? JSON.stringify : asked.markdown ? markdown : screen;
process.stdout.write(`${print(document)}\n`);
process.exitCode = document.misses.length === 0 ? 0 : 1;

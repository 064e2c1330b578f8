/**
 * The figures of the README, measured anew: npm run bench [-- SIZE… --latency-events N --json | --markdown]
 *
 * Speed is judged by ratios within this one run, so that the limits mean the same on any machine. Exit code 1 if a limit
 * is missed. Everything is on loopback; nothing is left behind.
 */
import { cpus, loadavg, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { LATENCY_FIGURES, SIZE_FIGURES, count, misses } from './figures.mjs';
import { measureLatency } from './latency.mjs';
import { measureSize } from './size.mjs';
import { laneName, markdown, screen, sizeName } from './table.mjs';

const USAGE = `usage: npm run bench [-- SIZE… --latency-events N --json | --markdown]
  SIZE…               events in the history (default: 100000 1000000)
  --latency-events N  events of the runs with a slow vendor (default: 100000); 0 leaves them out
  --json              print one JSON document (with npm run --silent)
  --markdown          print the tables as Markdown`;

const asked = readArguments();
if (asked === null) {
  process.stderr.write(`${USAGE}\n`);
  process.exit(2);
}

const say = (what) => process.stderr.write(`bench: ${what}\n`);
// Whoever else was at work spoils the figures: said, so that they are not believed.
const [load] = loadavg();
const sizes = [];
for (const events of asked.sizes) {
  sizes.push(await measureSize(events, (what) => say(`${count(events)} events, ${what}`)));
}
const latency = asked.latencyEvents === 0 ? null : await measureLatency(asked.latencyEvents, say);

const found = [
  ...misses(SIZE_FIGURES, sizes, sizeName),
  ...misses(LATENCY_FIGURES, latency?.runs ?? [], laneName),
];
const document = {
  version: 1,
  measured_at: new Date().toISOString(),
  machine: {
    cores: cpus().length,
    cpu: cpus()[0]?.model ?? 'unknown',
    memory: totalmem(),
    node: process.version,
    load_before: load,
  },
  sizes,
  latency,
  misses: found,
};
const print = asked.json ? JSON.stringify : asked.markdown ? markdown : screen;
process.stdout.write(`${print(document)}\n`);
process.exitCode = found.length === 0 ? 0 : 1;

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        'latency-events': { type: 'string', default: '100000' },
        json: { type: 'boolean', default: false },
        markdown: { type: 'boolean', default: false },
      },
    });
    const { json, markdown: asMarkdown, 'latency-events': slow } = values;
    const of = positionals.length === 0 ? [100_000, 1_000_000] : positionals.map(Number);
    const numbers = [...of, Number(slow)];
    const isGood =
      numbers.every(Number.isSafeInteger) && of.every((n) => n > 0) && Number(slow) >= 0;
    if (!isGood || (json && asMarkdown)) return null;
    return { sizes: of, latencyEvents: Number(slow), json, markdown: asMarkdown };
  } catch {
    return null;
  }
}

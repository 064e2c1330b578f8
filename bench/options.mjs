/** What is to be measured. */
import { parseArgs } from 'node:util';

export const USAGE = `usage: npm run bench [-- SIZE… OPTION…]
  SIZE…               events of a first sync (default: 200000 1000000); the first one's CPU is split.
                      More than a million are compared with a million: npm run bench -- 10000000
  --nights A,B        histories on which nights come (default: 60000,600000); 0 leaves them out
  --batches N         batch files of the night without news (default: 73000); 0 leaves it out
  --latency-events N  events of the runs with a slow vendor (default: 100000); 0 leaves them out,
                      and the quiet night of Devin too
  --quick             small numbers, to see that every row works; for figures they are too small
  --against dlt       dlt with the same history, where \`python3\`, or the Python that PYTHON names, has it
  --json              print one JSON document (with npm run --silent)
  --markdown          print the tables of the README
  --help              print this`;

const USUAL = {
  sizes: [200_000, 1_000_000],
  nights: [60_000, 600_000],
  batches: 73_000,
  latencyEvents: 100_000,
};
const QUICK = {
  sizes: [5_000, 20_000],
  nights: [3_000, 30_000],
  batches: 1_000,
  latencyEvents: 10_000,
};

const MILLION = 1_000_000;

/** @returns null if the arguments make no sense */
export function readOptions(argv) {
  try {
    const { values, positionals } = parseArgs({
      args: argv,
      allowPositionals: true,
      options: {
        nights: { type: 'string' },
        batches: { type: 'string' },
        'latency-events': { type: 'string' },
        quick: { type: 'boolean', default: false },
        against: { type: 'string' },
        json: { type: 'boolean', default: false },
        markdown: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    const { quick, against, json, markdown, help } = values;
    if ((json && markdown) || (against !== undefined && against !== 'dlt')) return null;
    const usual = quick ? QUICK : USUAL;
    const sizes = positionals.length === 0 ? usual.sizes : positionals.map(Number);
    const asked = {
      sizes: Math.max(...sizes) > MILLION ? [...new Set([MILLION, ...sizes])] : sizes,
      nights: values.nights?.split(',').map(Number).filter(isNotZero) ?? usual.nights,
      batches: Number(values.batches ?? usual.batches),
      latencyEvents: Number(values['latency-events'] ?? usual.latencyEvents),
      against,
      json,
      markdown,
      help,
    };
    const { nights, batches, latencyEvents } = asked;
    const isGood =
      [...sizes, ...nights, batches, latencyEvents].every(Number.isSafeInteger) &&
      [...sizes, ...nights].every((n) => n > 0) &&
      batches >= 0 &&
      latencyEvents >= 0;
    return isGood ? asked : null;
  } catch {
    return null;
  }
}

function isNotZero(value) {
  return value !== 0;
}

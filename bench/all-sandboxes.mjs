/**
 * The sandboxes of all vendors in one process, each with a company of so many people, and with what the verb has no option for:
 * each answer takes its time, requests are limited as the vendors document it, and their clocks may be behind. Its argument is a
 * JSON object. Each line of stdin is answered with what was asked since the one before. Ends when its stdin does.
 */
import { createInterface } from 'node:readline';
import { startSandbox } from '../dist/sandbox/server.js';
import { VENDORS } from '../dist/vendors/index.js';

const { latencyMs, behindMs, minutes, ...options } = JSON.parse(process.argv[2]);
const now = () => Date.now() - behindMs;
const made = await Promise.all(
  VENDORS.map(async ({ type, sandbox }) => {
    const vendor = (await sandbox())({ ...options, now, demo: true });
    vendor.faults.minutes = minutes[type] ?? null;
    return [type, vendor];
  }),
);
const served = await startSandbox({ latencyMs, vendors: Object.fromEntries(made) });
const variables = {};
for (const { type, variables: names } of VENDORS) {
  const { url, token, vendor } = served.vendors[type];
  Object.assign(variables, { [names.baseUrl]: url, [names.token]: token }, vendor.variables);
}
say({ version: 1, variables });

const questions = createInterface({ input: process.stdin });
questions.on('line', () =>
  say(Object.fromEntries(made.map(([type, vendor]) => [type, asked(vendor)]))),
);
questions.on('close', () => process.exit(0));

/** How many requests came, how many of them were refused for their number, and how long it took from the first to the last. */
function asked({ requests }) {
  const some = requests.splice(0);
  const spanMs = some.length === 0 ? 0 : some.at(-1).at - some[0].at + latencyMs;
  const refused = some.filter(({ status }) => status === 429).length;
  return { requests: some.length, refused, seconds: spanMs / 1000 };
}

function say(document) {
  process.stdout.write(`${JSON.stringify(document)}\n`);
}

/** A sandbox that answers late. Arguments: events, days, latency in ms. Ends when its stdin does. */
import { startSandbox } from '../dist/sandbox/server.js';
import { VENDORS } from '../dist/vendors/index.js';

const DAY = 86_400_000;
const [events, days, latencyMs] = process.argv.slice(2).map(Number);
const until = Math.floor(Date.now() / DAY) * DAY;
const [{ type, variables: names, sandbox }] = VENDORS;
const vendor = (await sandbox())({ events, days, until });
const { url, token } = (await startSandbox({ latencyMs, vendors: { [type]: vendor } })).vendors[
  type
];
const variables = { [names.baseUrl]: url, [names.token]: token };
process.stdout.write(`${JSON.stringify({ version: 1, variables })}\n`);
process.stdin.on('end', () => process.exit(0)).resume();

/** A sandbox that answers late. Arguments: events, days, latency in ms. Ends when its stdin does. */
import { startSandbox } from '../dist/sandbox/server.js';

const DAY = 86_400_000;
const [events, days, latencyMs] = process.argv.slice(2).map(Number);
const until = Math.floor(Date.now() / DAY) * DAY;
const { url, token } = await startSandbox({ events, days, latencyMs, until });
const variables = { TABNINE_BASE_URL: url, TABNINE_TOKEN: token };
process.stdout.write(`${JSON.stringify({ version: 1, variables })}\n`);
process.stdin.on('end', () => process.exit(0)).resume();

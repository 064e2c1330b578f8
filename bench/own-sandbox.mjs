/**
 * One vendor's sandbox with what the verb has no option for, since nobody who tries the product out needs it: each answer
 * takes its time, and there are nights still to come. Its argument is a JSON object. Ends when its stdin does.
 */
import { startSandbox } from '../dist/sandbox/server.js';
import { VENDORS } from '../dist/vendors/index.js';

const DAY = 86_400_000;

const { type, latencyMs = 0, nights = null, ...options } = JSON.parse(process.argv[2]);
const { variables: names, sandbox } = VENDORS.find((vendor) => vendor.type === type);
const vendor = (await sandbox())(options);
if (nights !== null) addNights(vendor.events, nights);

// One vendor behind two addresses: a history may be read at once, and only what is measured be late.
const [prompt, slow] = await Promise.all(
  [0, latencyMs].map((ms) => startSandbox({ latencyMs: ms, vendors: { [type]: vendor } })),
);
const variablesOf = ({
  vendors: {
    [type]: { url, token },
  },
}) => ({
  [names.baseUrl]: url,
  [names.token]: token,
});
const said = { version: 1, variables: variablesOf(prompt), slow: variablesOf(slow) };
process.stdout.write(`${JSON.stringify(said)}\n`);
process.stdin.on('end', () => process.exit(0)).resume();

/**
 * Each day after the end of the history has so many events, in its middle half: whoever reads as far as a midnight has
 * whole nights.
 */
function addNights(events, { count, perNight }) {
  const kind = JSON.parse(events.text(0, vendor.quirks.eventShape));
  for (let number = 0; number < count * perNight; number += 1) {
    const [night, place] = [Math.floor(number / perNight), number % perNight];
    const time = options.until + night * DAY + DAY / 4 + Math.floor((place / perNight) * (DAY / 2));
    const id = `${kind.id.slice(0, -8)}${String(number).padStart(8, '0')}`;
    events.insert({ ...kind, id, timestamp: new Date(time).toISOString() });
  }
}

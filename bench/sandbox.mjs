/** The vendor on loopback, in a process of its own so that serving is not counted as collecting. */
import { fileURLToPath } from 'node:url';
import { sandboxVerb, server } from './children.mjs';

const OWN = fileURLToPath(new URL('own-sandbox.mjs', import.meta.url));

/** 100,000 events a month; the days decide how many files the lake has. */
const EVENTS_PER_DAY = 3_333;

const START_MS = 60_000;
/** Ten million events take most of an hour. */
const SERVE_MS = 4 * 3_600_000;
const LIMITS = { limitMs: SERVE_MS, startMs: START_MS };

export const daysOf = (events) => Math.ceil(events / EVENTS_PER_DAY);

/** @returns the variables that lead `sync` to it, and how to stop it */
export async function startSandbox(events) {
  const days = daysOf(events);
  const { said, stop } = await server(sandboxVerb(events, days), LIMITS);
  return { env: said.variables, days, stop };
}

/** @returns the variables that lead `sync` to it at once and with its latency, and how to stop it */
export async function startOwnSandbox(options) {
  const { said, stop } = await server([OWN, JSON.stringify(options)], LIMITS);
  return { env: said.variables, slowEnv: said.slow, stop };
}

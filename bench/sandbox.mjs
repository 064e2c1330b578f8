/** The vendor on loopback, in a process of its own so that serving is not counted as collecting. */
import { fileURLToPath } from 'node:url';
import { sandboxVerb, server } from './children.mjs';

const SLOW = fileURLToPath(new URL('slow-sandbox.mjs', import.meta.url));

/** 100,000 events a month; the days decide how many files the lake has. */
const EVENTS_PER_DAY = 3_333;

const START_MS = 60_000;
const SERVE_MS = 3_600_000;

/** @returns the variables that lead `sync` to it, and how to stop it */
export async function startSandbox(events, { latencyMs = 0 } = {}) {
  const days = Math.ceil(events / EVENTS_PER_DAY);
  // The verb has no latency: that is no use to anyone who tries the product out.
  const args = latencyMs === 0 ? sandboxVerb(events, days) : [SLOW, events, days, latencyMs];
  const { said, stop } = await server(args.map(String), { limitMs: SERVE_MS, startMs: START_MS });
  return { env: said.variables, days, stop };
}

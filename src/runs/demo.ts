import { resolve } from 'node:path';
import type { RunDocument } from '../documents/run.ts';
import { INTRUDER_ADDRESS, PROMOTED_EMAIL, breakInAt } from '../sandbox/demo.ts';
import { DAY, iso, isoDay } from '../platform/time.ts';
import { demoKeyFiles, demoKeyVariables, makeDemoKey } from '../state/demo-key.ts';
import { demoMark, leaveDemoMark } from '../state/demo-mark.ts';
import { expectHome } from '../state/expect-home.ts';
import { layout } from '../state/layout.ts';
import { type Context, type Invocation, openContext } from './context.ts';
import { openSandbox } from './open-sandbox.ts';
import type { Done } from './run-streams.ts';
import { sync } from './sync.ts';

/** What a person can look for in the generated data. */
export type Incident = { at: number; address: string; person: string };

type Demo = {
  context: Context;
  done: Done<RunDocument>;
  incident: Incident;
  /** With which anybody can check what it signs. */
  publicKey: string;
};

const SIZE = { events: 3_000, days: 30, seed: 1 };
const MINUTE = 60_000;

/**
 * Serves the sandboxes of all vendors in this process and reads them into a home of its own. Whatever is configured for real
 * data is left alone: neither its vendors nor its sinks have a part in it.
 *
 * @throws AuditlakeError `usage` for a home that holds other data
 */
export async function runDemo(
  invocation: Invocation,
  { home, json, quiet }: { home: string; json: boolean; quiet: boolean },
): Promise<Demo> {
  const { cwd, now, registry } = invocation;
  const places = layout(resolve(cwd, home));
  expectHome(places);
  const former = await demoMark(places);
  const until = former?.until ?? Math.floor(now() / MINUTE) * MINUTE;
  const vendors = (registry ?? (await import('../config/registry.ts')).REGISTRY).vendors;
  const sandbox = await openSandbox(vendors, 0, { ...SIZE, until, now, demo: true });
  try {
    // Figures of months before would take most of the time, and answer none of the questions.
    const start = isoDay(until - SIZE.days * DAY);
    if (former === null) await leaveDemoMark(places, { until });
    await makeDemoKey(places);
    const own = {
      ...invocation,
      env: { ...sandbox.variables, ...demoKeyVariables(places), AUDITLAKE_START: start },
    };
    const context = openContext(own, { home, json, quiet, isDemo: true });
    context.output.say(
      former === null
        ? 'This is a demonstration: generated data of the last 30 days. No vendor and no sink is contacted.'
        : `This demonstration goes on from ${iso(until)}. No vendor and no sink is contacted.`,
    );
    return {
      context,
      done: await sync(context, []),
      incident: { at: breakInAt(until), address: INTRUDER_ADDRESS, person: PROMOTED_EMAIL },
      publicKey: demoKeyFiles(places).publicFile,
    };
  } finally {
    await sandbox.close();
  }
}

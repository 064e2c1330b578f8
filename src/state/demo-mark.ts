/** What makes a home one of generated data: a file that the demonstration leaves in it before anything else. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { usageError } from '../errors.ts';
import { makeFolder, writeDurably } from '../platform/durable.ts';
import { shellWord } from '../platform/suggested.ts';
import { readPlain } from '../platform/plain-file.ts';
import type { Layout } from './layout.ts';

const FILE = 'demo.json';

/** Of the generated data: with another number it would be another history. */
const DATA = 2;

const AFRESH = 'remove that folder and run the same again';

type DemoMark = {
  /** When the history ends that the first run found, in epoch ms; it goes on from there. */
  readonly until: number;
};

export function isDemoHome({ home }: Layout): boolean {
  return existsSync(join(home, FILE));
}

/**
 * The mark of a home that the demonstration goes on with; null if the home is yet to be made.
 *
 * @throws AuditlakeError `usage` for a home with other data, or with a history that cannot be continued
 */
export async function demoMark(layout: Layout): Promise<DemoMark | null> {
  const { home, archive } = layout;
  if (!isDemoHome(layout)) {
    if (!existsSync(archive)) return null;
    throw usageError(
      `the home ${home} has an archive that the demonstration did not make: generated data does not go in there`,
      'leave --home out, or name a folder that does not exist yet',
    );
  }
  const { data, until } = await read(join(home, FILE));
  const time = Date.parse(String(until));
  if (data === DATA && !Number.isNaN(time)) return { until: time };
  throw usageError(
    `the demonstration in ${home} was made by another version, whose history this one cannot continue`,
    AFRESH,
  );
}

export async function leaveDemoMark({ home }: Layout, { until }: DemoMark): Promise<void> {
  await makeFolder(home);
  const mark = { data: DATA, until: new Date(until).toISOString() };
  await writeDurably(join(home, FILE), `${JSON.stringify(mark)}\n`);
}

/** @throws AuditlakeError `usage` where a home of generated data is about to meet a vendor or a receiver */
export function refuseDemoHome({ home }: Layout): void {
  throw usageError(
    `the home ${home} was made by \`auditlake demo\`: its data is generated, and neither vendors nor sinks are used with it`,
    `name another folder with --home or AUDITLAKE_HOME; \`auditlake demo --home ${shellWord(home)}\` goes on with this one`,
  );
}

/** @throws AuditlakeError `usage`, for a home that claims to be a demonstration while the user has configured keys of their own */
export function refuseDemoKey({ home }: Layout): void {
  throw usageError(
    `the home ${home} says that it was made by \`auditlake demo\`, which signs with a key that lies in the home; keys of yours are configured, and no other vouches for anything`,
    `if it is a demonstration, look at it without AUDITLAKE_SIGNING_KEY, AUDITLAKE_TRUSTED_KEYS and a configuration that names keys; if it is your archive, somebody put ${FILE} there: restore the home from a copy`,
  );
}

async function read(file: string): Promise<{ data?: unknown; until?: unknown }> {
  try {
    const content: unknown = JSON.parse((await readPlain(file, 1000)).toString('utf8'));
    return typeof content === 'object' && content !== null ? content : {};
  } catch {
    return {};
  }
}

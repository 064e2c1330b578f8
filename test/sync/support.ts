/** What the tests of `sync` look at: the event ids, the requests the sandbox got, and the archive's files. */
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { RequestRecord } from '../../src/sandbox/vendor.ts';
import type { Sandbox, SandboxOptions } from '../sandbox/start.ts';
import { type Home, sandboxFor } from '../harness.ts';
import { readFrom } from '../warehouse-file.ts';

export const AUDIT_LOGS = '/api/v1/organization/audit-logs';
export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** A vendor's clock that only the test moves. */
export type Clock = { at: number };

/** A sandbox whose clock stands at a whole second, so that a sync reads up to exactly its last event. */
export async function stillSandbox(
  options: Omit<SandboxOptions, 'now'> = {},
  at = Date.UTC(2026, 5, 15, 12),
): Promise<{ sandbox: Sandbox; clock: Clock }> {
  const clock = { at };
  const sandbox = await sandboxFor({
    events: 0,
    users: 5,
    teams: 2,
    ...options,
    now: () => clock.at,
  });
  return { sandbox, clock };
}

/** An event as the current schema has it. */
export function eventAt(time: number, id: string, userAgent = 'test'): object {
  return {
    id,
    timestamp: new Date(time).toISOString(),
    eventType: 'user.login',
    actor: { type: 'user', id: 'u-1', email: 'ada@example.com' },
    resource: { type: 'user', id: 'u-1' },
    metadata: {},
    request: { ipAddress: '192.0.2.1', userAgent, requestId: `req-${id}` },
  };
}

/** Rows of the warehouse, read in this process: a command for each look would take most of the time. */
export async function select(home: Home, sql: string): Promise<Record<string, unknown>[]> {
  const file = await realpath(join(home.folder, 'warehouse.duckdb'));
  return (await readFrom(file, sql)).getRowObjectsJson();
}

/** The ids of all events in the warehouse, sorted; an event that is there twice is there twice. */
export async function eventIds(home: Home): Promise<string[]> {
  const rows = await select(home, 'select event_id from audit_events');
  return rows.map((row) => String(row['event_id'])).toSorted();
}

export function vendorIds(sandbox: Sandbox): string[] {
  return sandbox.tabnine.events.ids().toSorted();
}

export function auditRequests(sandbox: Sandbox, from = 0): RequestRecord[] {
  return sandbox.tabnine.requests.slice(from).filter((request) => request.path === AUDIT_LOGS);
}

/** The files below a folder with their sizes. */
export async function filesBelow(folder: string): Promise<Map<string, number>> {
  const sizes = new Map<string, number>();
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    sizes.set(path, (await stat(path)).size);
  }
  return sizes;
}

export function totalSize(files: Map<string, number>): number {
  return [...files.values()].reduce((sum, size) => sum + size, 0);
}

/** The texts of all audit records in the archive, in its order. */
export async function archivedRecords(home: Home): Promise<string[]> {
  const files = await filesBelow(join(home.folder, 'archive'));
  const batches = [...files.keys()].filter((path) => /audit-logs.*\.gz$/.test(path)).toSorted();
  const records: string[] = [];
  for (const batch of batches) {
    for (const text of gunzipSync(await readFile(batch))
      .toString('utf8')
      .trim()
      .split('\n')) {
      const line = JSON.parse(text) as { kind: string; record: string };
      if (line.kind === 'record') records.push(line.record);
    }
  }
  return records;
}

/** The audit log of either vendor, for tests that change it in the same ways. */
import type { Account } from '../../src/extract/declaration.ts';
import type { SourceReader } from '../../src/extract/port.ts';
import { VENDOR_RETRY } from '../../src/http/retry.ts';
import { devin } from '../../src/vendors/devin/vendor.ts';
import { tabnine } from '../../src/vendors/tabnine/vendor.ts';
import type { Sandbox } from '../sandbox/start.ts';
import type { SandboxVendor } from '../../src/sandbox/vendor.ts';
import { PLAIN_ACCOUNT } from '../vendors/account.ts';

/** What is served: the exact text under its key. */
export type Entry = { key: string; time: number; version: number; text: string };

export type VendorLog = {
  name: 'tabnine' | 'devin';
  /** The path of the log. */
  path: string;
  vendor: Pick<SandboxVendor, 'faults' | 'failure' | 'requests' | 'onRequest'> & {
    quirks: { dateHeaderSkewMs: number };
  };
  /** What failures say of when to come back, in seconds. */
  retryAfter: number;
  /** Times have this grain. */
  grain: number;
  open(now: () => number): SourceReader;
  clear(): void;
  entries(): Entry[];
  /** Put behind those of the same instant. */
  put(key: string, time: number, version: number): void;
  change(key: string, version: number): void;
  remove(key: string): void;
};

function account(source: string, baseUrl: string, token: string, now: () => number): Account {
  return {
    ...PLAIN_ACCOUNT,
    source,
    baseUrl,
    token,
    options: { usageScopes: [], modelScopes: [], allowedTeams: false },
    timeout: 5_000,
    signal: new AbortController().signal,
    now,
    // A test need not wait between attempts.
    retry: { ...VENDOR_RETRY, firstPause: 0 },
  };
}

export function tabnineLog({ url, token, tabnine: vendor }: Sandbox): VendorLog {
  const { events } = vendor;
  return withRetryAfter({
    name: 'tabnine',
    path: '/api/v1/organization/audit-logs',
    vendor,
    retryAfter: 0,
    grain: 1,
    open: (now) => tabnine.open(account('tabnine', url, token, now)),
    clear: () => void events.removeBefore(Number.POSITIVE_INFINITY),
    entries: () =>
      Array.from({ length: events.count }, (_, slot) => {
        const text = events.text(slot);
        const { id, timestamp, metadata } = JSON.parse(text) as TabnineEvent;
        return { key: id, time: Date.parse(timestamp), version: metadata.version, text };
      }),
    put(id, time, version) {
      const timestamp = new Date(time).toISOString();
      events.insert({ id, timestamp, eventType: 'user.login', metadata: { version } });
    },
    change: (id, version) => void events.replace(id, { metadata: { version } }),
    remove: (id) => void events.remove(id),
  });
}

export function devinLog({ devinUrl: url, devinToken, devin: vendor }: Sandbox): VendorLog {
  const { events } = vendor;
  return withRetryAfter({
    name: 'devin',
    path: '/v3/enterprise/audit-logs',
    vendor,
    retryAfter: 0,
    grain: 1_000,
    open: (now) => devin.open(account('devin', url, devinToken, now)),
    clear: () => void events.removeBefore(Number.POSITIVE_INFINITY),
    entries: () =>
      events.all().map((event) => ({
        key: event.audit_log_id,
        time: event.created_at * 1000,
        version: (event.data as { version: number }).version,
        text: JSON.stringify(event),
      })),
    put(id, time, version) {
      const created_at = Math.floor(time / 1000);
      events.add({ audit_log_id: id, created_at, action: 'login', data: { version } });
    },
    change: (id, version) => void events.change(id, { data: { version } }),
    remove: (id) => void events.remove(id),
  });
}

type TabnineEvent = { id: string; timestamp: string; metadata: { version: number } };

/** Failures that say when to come back: at once, or later than any run waits. */
function withRetryAfter(log: VendorLog): VendorLog {
  const { vendor } = log;
  const failure = vendor.failure.bind(vendor);
  vendor.failure = (status) => ({
    ...failure(status),
    headers: { 'retry-after': String(log.retryAfter) },
  });
  return log;
}

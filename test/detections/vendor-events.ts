/** One event as each vendor writes it down. */
import type { Item, TestArchive } from '../load/archive.ts';

export type Vendor = 'tabnine' | 'devin' | 'anthropic' | 'cursor' | 'openai' | 'github';

export type Happened = {
  /** The vendor's word. */
  action: string;
  /** What it says about it, where the vendor puts that. */
  data?: Record<string, unknown>;
  /** ISO 8601. */
  at: string;
  /** Who: the e-mail address, the id and where one is needed the login. */
  who: string;
  address?: string | null;
  /** Of Tabnine: what it was done to. */
  resource?: Record<string, unknown>;
};

type Encode = (happened: Happened & { id: string }) => Record<string, unknown>;

const ENCODED: Record<Vendor, Encode> = {
  tabnine: ({ id, action, data = {}, at, who, address, resource }) => ({
    id,
    timestamp: at,
    eventType: action,
    actor: { id: who, type: 'user', email: who },
    resource: resource ?? null,
    metadata: data,
    request: { ipAddress: address },
  }),
  devin: ({ id, action, data = {}, at, who }) => ({
    action,
    audit_log_id: id,
    created_at: Date.parse(at) / 1000,
    data,
    user_id: who,
    user_email: who,
  }),
  anthropic: ({ id, action, data = {}, at, who, address }) => ({
    id,
    type: action,
    created_at: at,
    actor: { type: 'user_actor', user_id: who, email_address: who, ip_address: address },
    ...data,
  }),
  cursor: ({ id, action, data = {}, at, who, address }) => ({
    event_id: id,
    timestamp: at,
    event_type: action,
    user_email: who,
    ip_address: address,
    event_data: data,
  }),
  openai: ({ id, action, data = {}, at, who, address }) => ({
    id,
    type: action,
    effective_at: Date.parse(at) / 1000,
    actor: {
      type: 'session',
      session: { user: { id: who, email: who }, ip_address: address },
    },
    [action]: data,
  }),
  github: ({ id, action, data = {}, at, who, address }) => ({
    '@timestamp': Date.parse(at),
    _document_id: id,
    action,
    actor: who,
    actor_id: `id of ${who}`,
    actor_ip: address,
    ...data,
  }),
};

export const VENDORS = Object.keys(ENCODED) as Vendor[];

/** Archives events of a vendor, whose source is called like it. */
export async function happen(
  archive: TestArchive,
  vendor: Vendor,
  events: readonly Happened[],
): Promise<void> {
  const before = archive.seq;
  archive.account = { source: vendor, vendor };
  const items = events.map((event, n): Item => {
    const id = `${vendor}-${before}-${n}`;
    const record = ENCODED[vendor]({ address: null, ...event, id });
    return { key: id, time: event.at, record };
  });
  await archive.add('audit-logs', items, { at: '2026-11-30T12:00:00Z' });
}

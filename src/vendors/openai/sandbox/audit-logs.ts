import { type Answer, jsonText } from '../../../sandbox/answer.ts';
import { failed, lacking, refuse } from './errors.ts';
import { readInteger } from './parameters.ts';
import type { Inquiry } from './state.ts';

const USUAL = 20;
const MOST = 100;

/** Which events come with `tenant_only` alone. */
export function isOfTenant(type: string): boolean {
  return type.startsWith('tenant.') || /^role\.(un)?bound_/.test(type);
}

/** The newest first. Without `tenant_only` there is no event of the tenant, and with it no other. */
export function auditLogs({ state, params }: Inquiry): Answer {
  const { quirks, events, tenantEvents } = state;
  const ofTenant = params.get('tenant_only') === 'true';
  const stray = params.getAll('event_types[]').find((type) => isOfTenant(type) !== ofTenant);
  if (stray !== undefined) refuse('event_types', `'${stray}' cannot be combined with tenant_only.`);
  if (ofTenant && quirks.tenant === 'rejected') {
    return failed(400, 'tenant_only is not supported for this organization.', 'tenant_only');
  }
  if (quirks.auditOff === 'forbidden') return lacking('api.audit_logs.read', quirks.errors);
  const isEmpty = quirks.auditOff === 'empty' || (ofTenant && quirks.tenant === 'empty');
  const log = ofTenant ? tenantEvents : events;
  const limit = readInteger(params, 'limit', 1, MOST) ?? USUAL;
  const range = quirks.timeIgnored || isEmpty ? rangeOf(isEmpty) : readRange(params);
  const side = readSide(params, quirks.older);
  for (const id of Object.values(side)) {
    if (!log.has(id)) refuse('after', `No such object: ${id}`);
  }
  const { texts, ids, more } = log.page(range, limit, side);
  const isPromised = more || (quirks.emptyEnd && texts.length === limit);
  const tail = JSON.stringify({
    first_id: ids[0] ?? null,
    last_id: ids.at(-1) ?? params.get('after'),
    has_more: isPromised,
  });
  const body = `{"object":"list","data":[${texts.join(',')}],${tail.slice(1)}`;
  return jsonText(200, body, texts.length);
}

/** All of it, or nothing. */
function rangeOf(isEmpty: boolean): { from: number; to: number } {
  return { from: 0, to: isEmpty ? 0 : Number.MAX_SAFE_INTEGER };
}

function readRange(params: URLSearchParams): { from: number; to: number } {
  const read = (bound: string): number | undefined =>
    readInteger(params, `effective_at[${bound}]`, 0, Number.MAX_SAFE_INTEGER);
  const from = read('gte') ?? (read('gt') ?? -1) + 1;
  const to = read('lt') ?? (read('lte') ?? Number.MAX_SAFE_INTEGER - 1) + 1;
  return { from, to };
}

function readSide(
  params: URLSearchParams,
  older: 'after' | 'before',
): { olderThan?: string; newerThan?: string } {
  const newer = older === 'after' ? 'before' : 'after';
  const [olderThan, newerThan] = [params.get(older), params.get(newer)];
  return {
    ...(olderThan === null ? {} : { olderThan }),
    ...(newerThan === null ? {} : { newerThan }),
  };
}

import type { AuditEvent, EventFacts } from './generated-events.ts';

/** What can be read of an event that a test put in. Text that is not JSON, or no event, says nothing; it is still served. */
export function factsOf(json: string): EventFacts & { id: string | undefined } {
  const event = parsed(json);
  return {
    id: text(event, 'audit_log_id'),
    action: text(event, 'action') ?? '',
    orgId: text(event, 'org_id') ?? null,
  };
}

/** When an event was, in whole seconds. */
export function timeIn({ created_at: time }: Partial<AuditEvent>): number {
  if (Number.isSafeInteger(time)) return Number(time);
  throw new TypeError('an event without created_at in whole seconds is put in as {time, json}');
}

/** An event in full: all keys are there in any event, null where a test did not say. */
export function textOf(event: Partial<AuditEvent>): string {
  const { action = 'login', audit_log_id, created_at, data = {}, ...rest } = event;
  const nobody = { org_id: null, service_user_id: null, service_user_name: null };
  const head = { action, audit_log_id, created_at, data };
  return JSON.stringify({ ...head, ...nobody, user_email: null, user_id: null, ...rest });
}

/** The event with its time in another unit. */
export function inUnit(json: string, createdAt: number): string {
  try {
    return JSON.stringify({ ...JSON.parse(json), created_at: createdAt });
  } catch {
    return json;
  }
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function text(value: unknown, key: string): string | undefined {
  const found: unknown =
    typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  return typeof found === 'string' ? found : undefined;
}

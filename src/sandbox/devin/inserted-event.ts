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

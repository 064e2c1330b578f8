import type { EventFacts } from './event-source.ts';

/** What can be read of an event that a test put in. Text that is not JSON, or no event, says nothing; it is still served. */
export function factsOf(json: string): EventFacts {
  const event = parsed(json);
  const actor = child(event, 'actor');
  const resource = child(event, 'resource');
  return {
    id: text(event, 'id'),
    timestamp: text(event, 'timestamp'),
    eventType: text(event, 'eventType'),
    actorId: text(actor, 'id'),
    actorEmail: text(actor, 'email'),
    resourceType: text(resource, 'type'),
    resourceId: text(resource, 'id'),
  };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function child(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

function text(value: unknown, key: string): string | undefined {
  const found = child(value, key);
  return typeof found === 'string' ? found : undefined;
}

import { type Answer, Refusal } from '../../../sandbox/answer.ts';
import { KNOWN_ACTIONS } from './actions.ts';
import { cursorTo, fingerprint, readCursor } from './cursor.ts';
import { detail, invalid } from './errors.ts';
import type { Selection } from './event-log.ts';
import { organizationOf } from './lookup.ts';
import { answerPage, readFirst } from './paging.ts';
import { readChoice, readInteger } from './parameters.ts';
import type { Quirks } from './quirks.ts';
import type { Inquiry } from './state.ts';

const MAX_WINDOW_SECONDS = 100 * 86_400;
const PARAMETERS = ['order', 'time_after', 'time_before', 'action'];

/** One page of the audit log, of the enterprise or of one organization, newest first unless asked otherwise. */
export function auditLogs(scope: 'enterprise' | 'organization'): (inquiry: Inquiry) => Answer {
  return (inquiry) => {
    const { state, params, path } = inquiry;
    const { events, quirks } = state;
    const orgId = scope === 'organization' ? organizationOf(inquiry).org_id : undefined;
    const order = readChoice(params, 'order', ['asc', 'desc']) ?? 'desc';
    const asked = fingerprint(path, params, PARAMETERS);
    const selection: Selection = {
      ...readWindow(params, quirks),
      order: quirks.orderIgnored ? 'desc' : order,
      filter: readFilter(params, orgId),
      first: readFirst(params),
      after: readCursor(params, asked),
    };
    const after = params.get('after');
    if (orgId !== undefined && quirks.orgLog === 'empty') {
      return answerPage({ texts: [], total: 0, next: null }, after, quirks);
    }
    const { slots, total, more } = events.select(selection);
    const last = slots.at(-1);
    const next = more && last !== undefined ? cursorTo(events.positionOf(last), asked) : null;
    const factor = quirks.createdAtUnit === 'seconds' ? 1 : 1000;
    const texts = slots.map((slot) => events.text(slot, factor));
    return answerPage({ texts, total, next }, after, quirks);
  };
}

/** The window in whole seconds. Without bounds it is all of history; an end needs a beginning. */
function readWindow(params: URLSearchParams, quirks: Quirks): { from: number; to: number } {
  const after = readInteger(params, 'time_after');
  const before = readInteger(params, 'time_before');
  if (before !== undefined && after === undefined) {
    throw new Refusal(refusedWindow('time_before requires time_after', quirks));
  }
  if (before !== undefined && before - (after ?? 0) > MAX_WINDOW_SECONDS) {
    throw new Refusal(refusedWindow('The time range must not exceed 100 days', quirks));
  }
  return {
    from: (after ?? -Infinity) + (quirks.timeAfter === 'exclusive' ? 1 : 0),
    to: (before ?? Infinity) - (quirks.timeBefore === 'exclusive' ? 1 : 0),
  };
}

function refusedWindow(message: string, { windowError }: Quirks): Answer {
  return windowError === 400
    ? detail(400, message)
    : invalid('time_before', message, 'value_error');
}

function readFilter(params: URLSearchParams, orgId: string | undefined): Selection['filter'] {
  const action = readChoice(params, 'action', KNOWN_ACTIONS);
  if (action === undefined && orgId === undefined) return undefined;
  return {
    name: JSON.stringify([action, orgId]),
    keeps: (facts) =>
      (action === undefined || facts.action === action) &&
      (orgId === undefined || facts.orgId === orgId),
  };
}

import { type Answer, Refusal, json } from '../../../../sandbox/answer.ts';
import { detail } from '../errors.ts';
import { organizationOf } from '../lookup.ts';
import { pageOf } from '../paging.ts';
import { readInteger } from '../parameters.ts';
import type { Inquiry } from '../state.ts';
import type { Scope } from './consumption.ts';

/** The billing cycles. Their `after` is an instant, while the parameter of that name is a cursor. */
export function cycles(inquiry: Inquiry): Answer {
  return pageOf(inquiry, inquiry.state.consumption.cycles());
}

/** The limits of Devin's own consumption. */
export function acuLimits(inquiry: Inquiry): Answer {
  return pageOf(inquiry, inquiry.state.holdings.acuLimits);
}

/** Daily consumption, all of it or that of one organization, user or service user; unpaged. */
export function daily(scope: Scope): (inquiry: Inquiry) => Answer {
  return (inquiry) => {
    const { state, params, id } = inquiry;
    if (scope === 'organization') organizationOf(inquiry);
    if (scope === 'user' || scope === 'service-user') checkActor(inquiry, scope);
    const body = state.consumption.expected(
      scope,
      id,
      readInteger(params, 'time_after'),
      readInteger(params, 'time_before'),
    );
    return json(200, body, body.consumption_by_date.length);
  };
}

/** Somebody who was added later consumed nothing; somebody unknown is not found. */
function checkActor({ state, id }: Inquiry, scope: 'user' | 'service-user'): void {
  const { actors, users, idpUsers, serviceUsers } = state;
  const known =
    actors.some((actor) => actor.kind === scope && actor.id === id) ||
    (scope === 'user'
      ? [...users, ...idpUsers].some(({ user_id }) => user_id === id)
      : serviceUsers.some(({ service_user_id }) => service_user_id === id));
  if (!known) throw new Refusal(detail(404, 'Not Found'));
}

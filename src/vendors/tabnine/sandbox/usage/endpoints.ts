import { type Answer, json } from '../../../../sandbox/answer.ts';
import type { Inquiry } from '../state.ts';
import type { Dataset } from './parts.ts';
import { wholeSecond } from './periods.ts';
import type { Scope } from './usage.ts';
import { readUsageQuery } from './usage-query.ts';

/** The endpoint of one series for one scope. */
export function usage(dataset: Dataset, scope: Scope): (inquiry: Inquiry) => Answer {
  return (inquiry) => {
    const { usage: figures, organization, quirks } = inquiry.state;
    const { from, to, granularity, subject, id } = readUsageQuery(inquiry, dataset, scope);
    const data = figures.expected({ dataset, scope, id, from, to, granularity });
    const head = {
      organizationId: organization.id,
      ...subject,
      from: wholeSecond(from),
      to: wholeSecond(to),
    };
    // Which envelope agent usage has is not documented.
    const envelope = dataset === 'agent' ? quirks.agentUsageEnvelope : 'usage';
    if (envelope === 'bare') return json(200, data, data.length);
    const body =
      envelope === 'data'
        ? { ...head, granularity, data }
        : { ...head, usage: { granularity, data } };
    return json(200, body, data.length);
  };
}

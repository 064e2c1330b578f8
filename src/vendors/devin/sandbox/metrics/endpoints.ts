import { type Answer, json } from '../../../../sandbox/answer.ts';
import { organizationOf } from '../lookup.ts';
import { bareList } from '../paging.ts';
import { readInteger, readList, requiredInteger } from '../parameters.ts';
import type { Inquiry } from '../state.ts';
import type { Metric, MetricQuestion } from './metrics.ts';

/** The endpoint of one metric. Periods come as a bare array, which has no pages. */
export function metric(name: Exclude<Metric, 'usage'>): (inquiry: Inquiry) => Answer {
  return ({ state, params }) => {
    const body = state.metrics.expected(name, {
      from: requiredInteger(params, 'time_after'),
      to: requiredInteger(params, 'time_before'),
      ...readSubjects(params, name),
    });
    return Array.isArray(body) ? bareList(body) : json(200, body, 1);
  };
}

/** Counts of all or of one organization; without bounds those of the current billing cycle. */
export function usage(scope: 'enterprise' | 'organization'): (inquiry: Inquiry) => Answer {
  return (inquiry) => {
    const { state, params } = inquiry;
    const orgIds = scope === 'organization' ? [organizationOf(inquiry).org_id] : undefined;
    const from = readInteger(params, 'time_after');
    const to = readInteger(params, 'time_before');
    const current =
      from === undefined && to === undefined ? state.consumption.cycles()[0] : undefined;
    const question = {
      from: current?.after ?? from ?? 0,
      to: current?.before ?? to ?? Math.floor(state.clock() / 1000),
      orgIds,
    };
    return json(200, state.metrics.expected('usage', question), 1);
  };
}

/** Each metric knows some of the filters and ignores the others. */
function readSubjects(params: URLSearchParams, name: Metric): Omit<MetricQuestion, 'from' | 'to'> {
  const orgIds = readList(params, 'org_ids');
  if (name === 'searches') return { orgIds };
  if (name === 'sessions' || name === 'prs') {
    return {
      orgIds,
      userIds: readList(params, 'user_ids'),
      serviceUserIds: readList(params, 'service_user_ids'),
    };
  }
  return {
    orgIds,
    minSessions: readInteger(params, 'min_sessions', 0),
    minSearches: readInteger(params, 'min_searches', 0),
  };
}

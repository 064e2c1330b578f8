import { grouped } from '../../../platform/grouped.ts';
import { type Answer, json } from '../../../sandbox/answer.ts';
import { type Member, userId } from './directory.ts';
import { badRequest } from './errors.ts';
import { cut, readPaging } from './paging.ts';
import type { CursorState, Endpoint } from './state.ts';
import { DAY, dayOf, daysOf, expectRange } from './times.ts';

type Body = Readonly<Record<string, unknown>>;

function bodyOf(body: string): Body {
  try {
    const value: unknown = JSON.parse(body === '' ? '{}' : body);
    if (typeof value === 'object' && value !== null) return value as Body;
  } catch {
    // Said below.
  }
  return badRequest('Request body must be JSON');
}

function rangeOf({ startDate, endDate }: Body): { from: number; to: number } {
  if (typeof startDate !== 'number' || typeof endDate !== 'number') {
    return badRequest('startDate and endDate are required, in epoch milliseconds');
  }
  expectRange(startDate, endDate);
  return { from: startDate, to: endDate };
}

export function usageEvents(fallback: number): Endpoint {
  return (state, call): Answer => {
    const body = bodyOf(call.body);
    const { from, to } = rangeOf(body);
    const paging = readPaging(body, fallback, 1000);
    const all = state.usage.events(from, to, state.clock());
    if (state.quirks.usageOrder === 'newest-first') all.reverse();
    const { items, totalCount, totalPages, hasNextPage } = cut(all, paging);
    return json(
      200,
      {
        totalUsageEventsCount: totalCount,
        pagination: {
          numPages: totalPages,
          currentPage: paging.page,
          pageSize: paging.pageSize,
          hasNextPage,
          hasPreviousPage: paging.page > 1,
        },
        usageEvents: items,
        period: { startDate: from, endDate: to },
      },
      items.length,
    );
  };
}

/** With page and size all members are served, in pages that count people; without them only those who did something. */
export const dailyUsage: Endpoint = (state, call) => {
  const body = bodyOf(call.body);
  const { from, to } = rangeOf(body);
  const isPaged = body['page'] !== undefined && body['pageSize'] !== undefined;
  const days = daysOf(from, to);
  if (!isPaged) {
    const data = state.members
      .flatMap((member) => days.map((day) => dailyRow(state, member, day)))
      .filter(({ agentRequests }) => agentRequests > 0)
      .map(({ isActive: _isActive, ...row }) => row);
    return json(200, { data, period: { startDate: from, endDate: to } }, data.length);
  }
  const paging = readPaging(body, 100, state.quirks.dailyPageMost);
  const { items, totalCount, ...numbers } = cut(state.members, paging);
  const data = items.flatMap((member) => days.map((day) => dailyRow(state, member, day)));
  const pagination = { ...paging, totalUsers: totalCount, ...numbers };
  return json(200, { data, period: { startDate: from, endDate: to }, pagination }, data.length);
};

function dailyRow({ usage, quirks }: CursorState, member: Member, day: number) {
  const calls = usage.calls(member, day);
  return {
    userId: quirks.memberIds === 'text' ? userId(member) : member.id,
    day: dayOf(day),
    date: day,
    email: member.email,
    isActive: calls > 0,
    totalLinesAdded: calls * 120,
    totalLinesDeleted: calls * 31,
    acceptedLinesAdded: calls * 40,
    acceptedLinesDeleted: calls * 9,
    totalApplies: calls * 3,
    totalAccepts: calls * 2,
    totalRejects: calls,
    totalTabsShown: calls * 50,
    totalTabsAccepted: calls * 14,
    composerRequests: calls,
    chatRequests: 0,
    agentRequests: calls,
    cmdkUsages: 0,
    subscriptionIncludedReqs: calls,
    apiKeyReqs: 0,
    usageBasedReqs: calls,
    bugbotUsages: 0,
    mostUsedModel: calls > 0 ? 'composer-2' : null,
    clientVersion: calls > 0 ? '3.1.0' : null,
  };
}

/** The cycle begins with the month. */
export const spend: Endpoint = (state, call) => {
  const paging = readPaging(bodyOf(call.body), 50, 1000);
  const now = new Date(state.clock());
  const start = Date.UTC(now.getUTCFullYear(), now.getUTCMonth());
  const events = state.usage.events(start, state.clock(), state.clock());
  const { items, totalCount, totalPages } = cut(state.members, paging);
  const byPerson = grouped(events, ({ userEmail }) => String(userEmail));
  const rows = items.map((member) => {
    const own = byPerson.get(member.email) ?? [];
    const total = own.reduce((sum, event) => sum + Number(event['chargedCents']), 0);
    const onDemand = total / 4;
    return {
      userId: userId(member),
      name: member.name,
      email: member.email,
      role: member.role,
      ...(state.quirks.spendMeaning === 'on-demand'
        ? { spendCents: onDemand, overallSpendCents: total }
        : { spendCents: total, includedSpendCents: total - onDemand }),
      fastPremiumRequests: own.length,
      hardLimitOverrideDollars: 0,
      monthlyLimitDollars: null,
      effectivePerUserLimitDollars: 200,
    };
  });
  return json(
    200,
    { teamMemberSpend: rows, subscriptionCycleStart: start, totalMembers: totalCount, totalPages },
    rows.length,
  );
};

/** The contract begins with the year; the list is in the order of addresses, whatever is asked for. */
export const organizationSpend: Endpoint = (state, call) => {
  const paging = readPaging(bodyOf(call.body), 100, 1000);
  const now = state.clock();
  const startDate = Date.UTC(new Date(now).getUTCFullYear(), 0);
  const events = state.usage.events(startDate, now, now);
  const listed = state.members.toSorted((one, other) => (one.email < other.email ? -1 : 1));
  const { items, totalCount, totalPages, hasNextPage } = cut(listed, paging);
  const byPerson = grouped(events, ({ userEmail }) => String(userEmail));
  const rows = items.map((member) => {
    const own = byPerson.get(member.email) ?? [];
    const spendCents = own.reduce((sum, event) => sum + Number(event['chargedCents']), 0);
    return { userId: userId(member), name: member.name, email: member.email, spendCents };
  });
  const pagination = { ...paging, totalCount, totalPages, hasNextPage };
  const period = { startDate, endDate: startDate + 365 * DAY };
  return json(200, { [state.quirks.spendList]: rows, pagination, period }, rows.length);
};

export const pooledUsage: Endpoint = (state) => {
  const year = Date.UTC(new Date(state.clock()).getUTCFullYear(), 0);
  const limitCents = 5_000_000;
  const usedCents = Math.floor((state.clock() - year) / DAY) * 1000;
  return json(200, {
    pool: {
      limitCents,
      usedCents,
      remainingCents: limitCents - usedCents,
      contractStartDate: new Date(year).toISOString(),
      contractEndDate: new Date(year + 365 * DAY).toISOString(),
    },
    teams: [{ teamId: state.teamId, usedCents, budgetLimitCents: null }],
  });
};

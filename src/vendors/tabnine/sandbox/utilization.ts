import { type Answer, Refusal, json } from '../../../sandbox/answer.ts';
import { badRequest, codedError } from './errors.ts';
import { requiredTeam } from './lookup.ts';
import type { Inquiry, TabnineState } from './state.ts';

const MONTH = /^(?<year>\d{4})-(?<month>\d{2})$/;
const OLDER_WINDOW_MONTHS = 12;

/** Users by month since the history began, whose months count from zero although `startDate` counts them from one. */
export function organizationUtilization({ state, query }: Inquiry): Answer {
  const current = monthOf(state.clock());
  const asked = readMonth(query['startDate'], current);
  const standard =
    state.quirks.utilizationWindow === 'all' ? -Infinity : current + 1 - OLDER_WINDOW_MONTHS;
  // What is earlier than the history is silently cut off.
  const first = Math.max(monthOf(state.historyStart), asked ?? standard);
  const rows = Array.from({ length: Math.max(0, current + 1 - first) }, (_, place) =>
    row(state, first + place),
  );
  return json(200, rows, rows.length);
}

/** A team as it is now, without any period. */
export function teamUtilization(inquiry: Inquiry): Answer {
  const team = requiredTeam(inquiry);
  const { users, invitations } = inquiry.state;
  const members = users.filter((user) => user.team?.id === team.id);
  const registered = members.filter((user) => user.deactivatedAt === null).length;
  const invited = invitations.filter(
    ({ teamId, revokedAt }) => teamId === team.id && revokedAt === null,
  ).length;
  return json(200, { registered, deactivated: members.length - registered, invited });
}

/** Counts at the month's end, or now in the current month; `active` are those who did anything in it. */
function row(state: TabnineState, month: number): object {
  const start = startOf(month);
  const end = Math.min(startOf(month + 1), state.clock() + 1);
  const known = state.users.filter(({ id }) => (state.registeredAt.get(id) ?? 0) < end);
  const deactivated = known.filter((user) => isBefore(user.deactivatedAt, end)).length;
  const pending = state.invitations.filter(
    ({ createdAt, revokedAt }) => isBefore(createdAt, end) && !isBefore(revokedAt, end),
  ).length;
  return {
    year: Math.floor(month / 12),
    month: month % 12,
    registered: known.length - deactivated,
    deactivated,
    active: state.usage.activeUsers(start, end),
    pending,
  };
}

/** The month of a query, counted since the year 0. */
function readMonth(value: string | undefined, current: number): number | undefined {
  if (value === undefined) return undefined;
  const { year, month } = MONTH.exec(value)?.groups ?? {};
  const number = Number(month);
  if (year === undefined || number < 1 || number > 12)
    throw new Refusal(badRequest('`startDate` must have the form YYYY-MM'));
  const asked = Number(year) * 12 + number - 1;
  if (asked <= current) return asked;
  throw new Refusal(
    codedError(422, 'unprocessable_entity', '`startDate` must not be in the future'),
  );
}

function monthOf(time: number): number {
  const date = new Date(time);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

function startOf(month: number): number {
  return Date.UTC(Math.floor(month / 12), month % 12);
}

function isBefore(time: string | null, end: number): boolean {
  return time !== null && Date.parse(time) < end;
}

import { VendorError } from '../../errors.ts';
import { byWindow } from '../../extract/by-window.ts';
import { fanOut } from '../../extract/fan-out.ts';
import { MONTHS, UTC_DAYS } from '../../extract/periods.ts';
import type { Stream } from '../../extract/port.ts';
import type { Read } from '../../extract/reads.ts';
import { segment } from '../../extract/segment.ts';
import { sliceList } from '../../extract/slice/json.ts';
import type { Millis, OpenWindow, Page, PartEnd, Period } from '../../model.ts';
import { DAY, isoDay } from '../../platform/time.ts';
import { ask, readList } from './client.ts';
import { ENTERPRISE, hasEnterprise, type Session } from './session.ts';

const NEEDS =
  'manage_billing:enterprise, of an organization manage_billing:copilot; of an owner or billing manager';
const BUDGETS = '/settings/billing/budgets';
const COST_CENTERS = '/settings/billing/cost-centers';

/** A month is restated until it is closed. */
const RESTATED: Millis = 35 * DAY;

/** As long as bills. */
const KEPT: Millis = 2 * 365 * DAY;

/** Credits took the place of premium requests on 2026-06-01. */
const FIRST_CREDITS = '2026-06-01';

/** What Copilot costs, in US dollars. */
export const billing: readonly Stream<Session>[] = [
  {
    ...series('ai-credits', '/ai_credit/usage', UTC_DAYS),
    brings: 'AI credits by product and model, a day each',
    open: (session) => ({
      read: byWindow((window) =>
        readParts(session, '/ai_credit/usage', window, creditDays(window, session.now())),
      ),
    }),
  },
  {
    ...series('billing-usage', '/usage', MONTHS),
    brings: 'what is billed, day by day, a month and a cost center each',
    open: (session) => ({
      read: byWindow(async function* (window) {
        yield* readParts(session, '/usage', window, await billedMonths(session, window));
      }),
    }),
  },
  {
    ...series('premium-requests', '/premium_request/usage', MONTHS),
    brings:
      'premium requests by product and model, a month each, up to May 2026: credits took their place',
    once: true,
    open: (session) => ({
      read: byWindow((window) =>
        readParts(session, '/premium_request/usage', window, premiumMonths(window)),
      ),
    }),
  },
  {
    name: 'budgets',
    kind: 'snapshot',
    brings: 'budgets and what happens at their end',
    endpoint: `${ENTERPRISE}${BUDGETS}`,
    needs: NEEDS,
    maps: { entity: 'directory.sql' },
    wanted: hasEnterprise,
    open: ({ client, options }) => ({
      read: () =>
        readList(client, `/enterprises/${segment(options.enterprise ?? '')}${BUDGETS}`, {
          id: ['id'],
          list: 'budgets',
        }),
    }),
  },
  {
    name: 'cost-centers',
    kind: 'snapshot',
    brings: 'cost centers and what is booked on them',
    endpoint: `${ENTERPRISE}${COST_CENTERS}`,
    needs: NEEDS,
    maps: { entity: 'directory.sql' },
    wanted: hasEnterprise,
    open: (session) => ({ read: () => readCostCenters(session) }),
  },
];

function series(
  name: string,
  below: string,
  period: Period,
): Omit<Stream<Session>, 'brings' | 'open'> {
  const paths = [
    `${ENTERPRISE}/settings/billing${below}`,
    // The organization's twin is spelt out.
    `/organizations/{org}/settings/billing${below}`,
  ] as const;
  const reads = paths.map((path): Read => ({ method: 'GET', path }));
  // An enterprise has cost centers, and each is asked for.
  if (below === '/usage') reads.push({ method: 'GET', path: `${ENTERPRISE}${COST_CENTERS}` });
  return {
    name,
    kind: 'series',
    endpoint: paths[0],
    reads,
    needs: NEEDS,
    period,
    restated: RESTATED,
    keeps: KEPT,
    unknowns: [
      { what: 'quantities', places: ['usageItems.*.quantity', 'usageItems.*.grossQuantity'] },
    ],
    maps: { figure: 'billing.sql' },
  };
}

/** What is asked for: its name, and the parameters besides the year. */
type Asked = { part: string; query: Record<string, string>; context: Record<string, string> };

/** Rows bear no date, so that a day is asked for at a time. */
function creditDays({ from, to }: OpenWindow, now: Millis): Asked[] {
  const days: Asked[] = [];
  for (
    let at = Math.max(UTC_DAYS.floor(from), Date.parse(FIRST_CREDITS));
    at < to && at <= now;
    at += DAY
  ) {
    const part = isoDay(at);
    days.push({ part, query: dateOf(part), context: { day: part } });
  }
  return days;
}

/** GitHub keeps bills for 24 months. */
const KEPT_MONTHS = 24;

function premiumMonths({ from, to }: OpenWindow): Asked[] {
  const months: Asked[] = [];
  const end = Math.min(to, Date.parse(FIRST_CREDITS));
  const date = new Date(to);
  const oldest = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - KEPT_MONTHS);
  for (let at = MONTHS.floor(Math.max(from, oldest)); at < end; at = MONTHS.next(at)) {
    const part = isoDay(at).slice(0, 7);
    months.push({ part, query: dateOf(part), context: { month: part } });
  }
  return months;
}

/**
 * Without a cost center only what is booked on none is answered, and without a month the whole year.
 */
async function billedMonths(session: Session, { from, to }: OpenWindow): Promise<Asked[]> {
  const centers = (await costCenters(session)).toSorted();
  const months: Asked[] = [];
  for (let at = MONTHS.floor(from); at < to; at = MONTHS.next(at)) {
    const month = isoDay(at).slice(0, 7);
    for (const center of ['', ...centers]) {
      const query = center === '' ? {} : { cost_center_id: center };
      months.push({
        part: center === '' ? month : `${month}/${center}`,
        query: { ...dateOf(month), ...query },
        context: { month, cost_center_id: center },
      });
    }
  }
  return months;
}

function dateOf(date: string): Record<string, string> {
  const [year = '', month, day] = date.split('-');
  return {
    year,
    ...(month === undefined ? {} : { month: String(Number(month)) }),
    ...(day === undefined ? {} : { day: String(Number(day)) }),
  };
}

async function* readParts(
  session: Session,
  below: string,
  window: OpenWindow,
  asked: readonly Asked[],
): AsyncGenerator<Page | PartEnd> {
  const { width, quirk, account, client } = session;
  const base = account.scope === 'enterprise' ? '/enterprises' : '/organizations';
  const path = `${base}/${segment(account.name)}/settings/billing${below}`;
  const rest = asked.filter(({ part }) => window.part === null || part > window.part);
  const options = {
    endpoint: path,
    width,
    partOf: ({ part }: Asked) => part,
    resumed: rest.length < asked.length,
    quirk,
  };
  yield* fanOut(rest, options, async ({ part, query, context }) => {
    const { value, note } = await client.read(ask(path, query), (body) => ({
      records: sliceList(body, ['usageItems']).records,
    }));
    const seen = new Map<string, number>();
    const records = value.records.map((bytes) => {
      const name = nameOf(bytes);
      const ordinal = seen.get(name) ?? 0;
      seen.set(name, ordinal + 1);
      const key = `${part}/${ordinal === 0 ? name : `${name}#${ordinal}`}`;
      return { bytes, key, time: timeOf(bytes, context) };
    });
    const scope = { scope: account.scope, scope_id: account.name };
    return [{ note: { ...note, context: { ...scope, ...context } }, records, place: null, part }];
  });
}

/** What a row is about; there is no id. */
const NAMES = ['date', 'product', 'sku', 'model', 'organizationName', 'repositoryName'];

function nameOf(bytes: Buffer): string {
  const row = fieldsOf(bytes);
  return NAMES.map((name) => encodeURIComponent(textOf(row[name]))).join('|');
}

function timeOf(bytes: Buffer, { day, month }: Record<string, string>): Millis | null {
  const date = textOf(fieldsOf(bytes)['date']);
  const time = Date.parse(day ?? (date === '' ? `${month}-01` : date));
  return Number.isNaN(time) ? null : time;
}

function fieldsOf(bytes: Buffer): Record<string, unknown> {
  return JSON.parse(bytes.toString('utf8')) as Record<string, unknown>;
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** Ids of cost centers, archived ones too: what was booked on one stays booked. */
async function costCenters(session: Session): Promise<string[]> {
  if (!hasEnterprise(session)) return [];
  const ids: string[] = [];
  try {
    for await (const { records } of readCostCenters(session)) {
      ids.push(...records.map(({ key }) => key));
    }
  } catch (error) {
    // A plan may have none.
    if (!(error instanceof VendorError && error.fault === 'absent')) throw error;
  }
  return [...new Set(ids)];
}

function readCostCenters({ client, options }: Session): AsyncGenerator<Page> {
  const path = `/enterprises/${segment(options.enterprise ?? '')}${COST_CENTERS}`;
  return readList(client, path, { id: ['id'], list: 'costCenters' });
}

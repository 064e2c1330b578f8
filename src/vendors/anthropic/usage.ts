import { byWindow } from '../../extract/by-window.ts';
import type { Query } from '../../extract/client.ts';
import { bucketPages } from '../../extract/paging/bucket-pages.ts';
import type { CursorPage } from '../../extract/paging/cursor.ts';
import { SECOND } from '../../extract/paging/keyset.ts';
import type { Stream } from '../../extract/port.ts';
import type { Millis, OpenWindow, Page, Window } from '../../model.ts';
import { DAY } from '../../platform/time.ts';
import { BY_TOKEN, fetchPage, ORGANIZATION, rfc3339 } from './client.ts';
import { claudeCode } from './claude-code.ts';
import { KEY, type Session } from './session.ts';
import { Variants } from './variants.ts';

/** A report of days, each with a result for every combination of what it is grouped by. */
type Report = {
  path: string;
  /** What it is grouped by; each later one with fewer, for a vendor that does not know them all. */
  groups: readonly (readonly string[])[];
  /** How many days are on a page: one with many results is megabytes large. */
  days: number;
  /** How long a range may be that is asked for at once. */
  longest?: Millis;
};

const NAMES = { id: [], time: ['starting_at'] };

const MESSAGES: Report = {
  path: `${ORGANIZATION}/usage_report/messages`,
  groups: [
    [
      'workspace_id',
      'api_key_id',
      'account_id',
      'service_account_id',
      'model',
      'service_tier',
      'context_window',
      'inference_geo',
    ],
    ['workspace_id', 'api_key_id', 'model', 'service_tier', 'context_window'],
  ],
  days: 7,
};

const COSTS: Report = {
  path: `${ORGANIZATION}/cost_report`,
  groups: [['workspace_id', 'description']],
  days: 31,
};

/** Tokens and money per day. How long usage is restated is not documented; costs may move until their month is closed. */
export const usage: readonly Stream<Session>[] = [
  series('usage-messages', 'tokens per day by workspace, key, person and model', MESSAGES, 7 * DAY),
  series('costs', 'what is billed per day, by workspace and model', COSTS, 35 * DAY),
  claudeCode,
];

function series(name: string, brings: string, report: Report, restated: Millis): Stream<Session> {
  return {
    name,
    kind: 'series',
    brings,
    endpoint: report.path,
    needs: KEY.admin,
    restated,
    maps: { figure: `${name}.sql` },
    open: (session) => ({ read: byWindow((window) => readReport(session, report, window)) }),
  };
}

function readReport(session: Session, report: Report, window: OpenWindow): AsyncGenerator<Page> {
  const { client, now, quirk } = session;
  const { path, longest } = report;
  const variants = new Variants(variantsOf(report), quirk);
  const fetch = (range: Window, after: string | null): Promise<CursorPage> =>
    variants.ask((more) => {
      const query = { ...rangeOf(range, now()), bucket_width: '1d', ...more };
      return fetchPage(client, { path, query, paging: BY_TOKEN, names: NAMES }, after);
    });
  return bucketPages(window, {
    fetch,
    part: 'all',
    subject: path,
    context: { granularity: 'daily' },
    ...(longest === undefined ? {} : { longest }),
  });
}

/**
 * A day counts if it ends before the end that is asked for: whether one that ends with it does is not documented, so that a
 * second more is asked for. Without an end the day is there that is not over yet.
 */
function rangeOf({ from, to }: Window, now: Millis): Query {
  const end = to > now ? {} : { ending_at: rfc3339(to + SECOND) };
  return { starting_at: rfc3339(from), ...end };
}

function variantsOf({ path, groups, days }: Report) {
  const grouped = groups.map((names, i) => ({
    query: { 'group_by[]': names, limit: String(days) },
    quirk:
      i === 0
        ? null
        : { code: 'groups-refused', what: `${path} is grouped by ${names.join(', ')} only` },
  }));
  const last = groups.at(-1) ?? [];
  const unlimited = {
    query: { 'group_by[]': last },
    quirk: { code: 'limit-refused', what: `${path} takes no number of days per page` },
  };
  return [...grouped, unlimited];
}

import { VendorError } from '../../errors.ts';
import { awaitDays } from '../../extract/awaited-days.ts';
import { byWindow } from '../../extract/by-window.ts';
import { fanOut } from '../../extract/fan-out.ts';
import { UTC_DAYS } from '../../extract/periods.ts';
import type { Stream } from '../../extract/port.ts';
import { readRow } from '../../extract/record.ts';
import { type Report, readReport } from '../../extract/signed-report.ts';
import { MalformedBody } from '../../extract/slice/malformed-body.ts';
import { parseObject } from '../../extract/slice/object.ts';
import type { Unknown } from '../../extract/unknown.ts';
import type { Millis, OpenWindow, Page, PartEnd, SourceRecord } from '../../model.ts';
import { keyOfContent } from '../../platform/key.ts';
import { DAY, isoDay } from '../../platform/time.ts';
import { ask } from './client.ts';
import { ENTERPRISE, ofAccount, ORGANIZATION, type Session } from './session.ts';

const BASE = '/copilot/metrics/reports';
const NEEDS =
  'manage_billing:copilot or read:enterprise, of an organization read:org; and the policy "Copilot usage metrics" enabled everywhere';

/** Figures are final after two or three full days; GitHub's own pages differ. */
const RESTATED: Millis = 5 * DAY;

/** Reports go back for a year, and to these days at most. To ask for what never was would seem a refusal of the endpoint. */
const KEPT: Millis = 365 * DAY;
const FIRST = { enterprise: Date.UTC(2025, 9, 10), organization: Date.UTC(2025, 11, 12) };
const FIRST_TEAMS: Millis = Date.UTC(2026, 4, 14);

type Kind = {
  name: string;
  brings: string;
  /** Of an enterprise and of an organization. */
  report: { enterprise: string; organization: string };
  /** What tells rows of a day apart, each under the names that it may have; nothing where there is one row. */
  id: readonly (readonly string[])[];
  /** Default: as figures of use. */
  figure?: string;
  /** Where it begins later than the others. */
  first?: Millis;
};

/** Figures of a day each, as files behind links. */
export const reports: readonly Stream<Session>[] = [
  series({
    name: 'copilot-usage',
    brings: 'what Copilot was used for in all, a day each',
    report: { enterprise: 'enterprise-1-day', organization: 'organization-1-day' },
    id: [],
  }),
  series({
    name: 'copilot-usage-users',
    brings: 'what each person used Copilot for, and the AI credits it took, a day each',
    report: { enterprise: 'users-1-day', organization: 'users-1-day' },
    id: [['user_id', 'user_login']],
  }),
  series({
    name: 'copilot-usage-repos',
    brings: 'what Copilot was used for in each repository: pull requests and reviews, a day each',
    report: { enterprise: 'repos-1-day', organization: 'repos-1-day' },
    id: [['repository_id', 'repo_id', 'repository', 'repository_name', 'repo_name', 'name']],
  }),
  series({
    name: 'copilot-user-teams',
    brings: 'who was in which team on a day, of teams with five seats or more; from 2026-05-14 on',
    report: { enterprise: 'user-teams-1-day', organization: 'user-teams-1-day' },
    id: [
      ['user_id', 'user_login'],
      ['team_id', 'slug'],
    ],
    figure: 'user-teams.sql',
    first: FIRST_TEAMS,
  }),
];

function series(kind: Kind): Stream<Session> {
  const { name, brings, report, figure = 'usage.sql' } = kind;
  const endpoint = `${ENTERPRISE}${BASE}/${report.enterprise}`;
  const places = kind.id.flat().flatMap((field) => [field, `*.${field}`]);
  const named: Unknown[] =
    places.length === 0 ? [] : [{ what: 'what a row is of', places, shownBy: 'file' }];
  return {
    name,
    kind: 'series',
    brings,
    endpoint,
    reads: [
      { method: 'GET', path: endpoint },
      { method: 'GET', path: `${ORGANIZATION}${BASE}/${report.organization}` },
    ],
    needs: NEEDS,
    restated: RESTATED,
    keeps: KEPT,
    unknowns: [{ what: 'the form of a report', places: [''], shownBy: 'file' }, ...named],
    maps: { figure },
    open: (session) => ({ read: byWindow((window) => readDays(session, kind, window)) }),
  };
}

async function* readDays(
  session: Session,
  kind: Kind,
  window: OpenWindow,
): AsyncGenerator<Page | PartEnd> {
  const { width, quirk, now, account } = session;
  const path = ofAccount(session, `${BASE}/${kind.report[account.scope]}`);
  const days: string[] = [];
  // Of a day that is not over there is no report.
  const first = Math.max(window.from, now() - KEPT + DAY, kind.first ?? FIRST[account.scope]);
  for (let day = UTC_DAYS.floor(first); day < window.to && day + DAY <= now(); day += DAY) {
    days.push(isoDay(day));
  }
  const rest = days.filter((day) => window.part === null || day > window.part);
  const options = { endpoint: path, width, resumed: rest.length < days.length };
  const pages = fanOut(rest, { ...options, quirk: () => undefined }, async (day) => {
    const asked = { ...ask(path, { day }), accepts: [204] };
    const report = await readReport(session.client, asked, linksOf);
    if (report.files.length === 0 && mayCome(report, day, now())) throw noReport(path, day);
    const read = pagesOf(report, day, kind, session);
    const reused = read.some(({ records }) => records.some(({ key }) => key.includes('~')));
    if (reused) {
      const what = `${path} has different rows of one person and day in several files: they are kept apart and added`;
      quirk({ code: 'rows-in-several-files', what });
    }
    return read;
  });
  yield* awaitDays(pages, rest, now());
}

/** The links of an answer; a body without content is one without a report. */
function linksOf(body: Buffer): unknown[] {
  if (body.length === 0) return [];
  const { download_links: links } = parseObject(body);
  if (!Array.isArray(links)) throw new MalformedBody('the body has no list named download_links');
  return links;
}

/** "No content" says for good that a day has no report once it is older than reports take; a list without links says nothing. */
function mayCome({ description }: Report, day: string, now: Millis): boolean {
  return description.status !== 204 || Date.parse(day) >= now - RESTATED;
}

function noReport(path: string, day: string): VendorError {
  return new VendorError({
    fault: 'absent',
    code: 'no-report',
    url: path,
    status: 404,
    what: `there is no report of ${day} yet`,
    hint: 'nothing: every run asks for it again',
  });
}

function pagesOf(
  { description, files }: Report,
  day: string,
  { id }: Kind,
  { account }: Session,
): Page[] {
  const context = { day, scope: account.scope, scope_id: account.name };
  const seen = new Map<string, Buffer[]>();
  const pages = files.map(({ note, records }): Page => {
    const keyed = records.map((bytes) => recordOf(bytes, day, id, seen));
    return { note: { ...note, context }, records: keyed, place: null };
  });
  // A day without any use has a page too: that there was nothing is what was read.
  const all = pages.length > 0 ? pages : [{ note: description, records: [], place: null }];
  return all.map((page, i) => (i === all.length - 1 ? { ...page, part: day } : page));
}

/** Without one of its parts a row is known by its content. */
function nameOf(bytes: Buffer, id: Kind['id']): string {
  if (id.length === 0) return 'all';
  const parts = id.map((names) => readRow(bytes, { id: names, time: [] }).id);
  const known = parts.filter((part) => part !== null);
  return (known.length === parts.length ? known : [keyOfContent(bytes, 0)])
    .map((part) => part.replaceAll('/', '%2F').replaceAll('~', '%7E'))
    .join('/');
}

/** Files may be cut by time, so that one person is in several: what differs is another record of the same day. */
function recordOf(
  bytes: Buffer,
  day: string,
  id: Kind['id'],
  seen: Map<string, Buffer[]>,
): SourceRecord {
  const name = nameOf(bytes, id);
  const others = seen.get(name) ?? [];
  const known = others.findIndex((other) => other.equals(bytes));
  const place = known < 0 ? others.push(bytes) - 1 : known;
  seen.set(name, others);
  const key = place === 0 ? `${day}/${name}` : `${day}/${name}~${place}`;
  return { bytes, key, time: Date.parse(day) };
}

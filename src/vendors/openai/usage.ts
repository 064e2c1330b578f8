import { byWindow } from '../../extract/by-window.ts';
import { completePart } from '../../extract/complete-part.ts';
import { cursorPages } from '../../extract/paging/cursor.ts';
import { pageToken } from '../../extract/paging/page-token.ts';
import type { Stream } from '../../extract/port.ts';
import { readRow } from '../../extract/record.ts';
import { sliceList } from '../../extract/slice/json.ts';
import type { Page, Quirk, SourceRecord, Window } from '../../model.ts';
import { DAY, iso } from '../../platform/time.ts';
import { seconds } from './client.ts';
import { type Bucket, Dimensions } from './dimensions.ts';
import { NEEDS, type Session } from './session.ts';

export const COSTS = '/v1/organization/costs';
export const USAGE = '/v1/organization/usage';

/** What the figures are of, as their keys and parts call it. */
const WHOLE = 'organization';

const PROJECT = 'project_id';
const BY_KEY = [PROJECT, 'user_id', 'api_key_id'];
const BY_MODEL = [...BY_KEY, 'model'];

/** By what each kind of use is split, as far as the endpoint can. */
const KINDS: Readonly<Record<string, { brings: string; dimensions: readonly string[] }>> = {
  completions: {
    brings: 'tokens and requests of language models',
    dimensions: [...BY_MODEL, 'batch', 'service_tier'],
  },
  embeddings: { brings: 'tokens and requests of embeddings', dimensions: BY_MODEL },
  moderations: { brings: 'tokens and requests of moderations', dimensions: BY_MODEL },
  images: { brings: 'images', dimensions: [...BY_MODEL, 'size', 'source'] },
  audio_speeches: { brings: 'characters that were spoken', dimensions: BY_MODEL },
  audio_transcriptions: { brings: 'seconds that were transcribed', dimensions: BY_MODEL },
  vector_stores: { brings: 'bytes in vector stores', dimensions: [PROJECT] },
  code_interpreter_sessions: {
    brings: 'sessions of the code interpreter',
    dimensions: [PROJECT],
  },
  file_search_calls: { brings: 'file searches', dimensions: [...BY_KEY, 'vector_store_id'] },
  web_search_calls: { brings: 'web searches', dimensions: [...BY_MODEL, 'context_level'] },
};

/** How many days a page may have. */
const USAGE_DAYS = '31';
const COSTS_DAYS = '180';

/** For how long the vendor still books late use and credits on a day. */
const COSTS_RESTATED = 35 * DAY;

/** Figures per UTC day, split as finely as the vendor can: what is less fine is added up from them. */
export const usage: readonly Stream<Session>[] = [
  ...Object.entries(KINDS).map(([kind, { brings, dimensions }]): Stream<Session> => ({
    ...daily(`usage-${kind.replaceAll('_', '-')}`, `${USAGE}/${kind}`, dimensions, USAGE_DAYS),
    brings,
    maps: { figure: 'usage.sql' },
  })),
  {
    ...daily('costs', COSTS, [PROJECT, 'line_item', 'api_key_id'], COSTS_DAYS),
    brings: 'what was billed',
    restated: COSTS_RESTATED,
    unknowns: [
      {
        what: 'an amount',
        places: ['data.*.results.*.amount.value', 'data.*.result.*.amount.value'],
      },
    ],
    maps: { figure: 'costs.sql' },
  },
];

function daily(name: string, endpoint: string, dimensions: readonly string[], limit: string) {
  return {
    name,
    kind: 'series' as const,
    endpoint,
    needs: NEEDS.usage,
    open: (session: Session) => {
      const split = new Dimensions(endpoint, dimensions, session.quirk);
      return { read: byWindow((window) => readDays(session, endpoint, split, limit, window)) };
    },
  };
}

async function* readDays(
  { client, quirk }: Session,
  endpoint: string,
  split: Dimensions,
  limit: string,
  window: Window,
): AsyncGenerator<Page> {
  const range = { start_time: seconds(window.from), end_time: seconds(window.to) };
  const fetch = async (page: string | null) => {
    const query = { ...range, bucket_width: '1d', limit, ...(page === null ? {} : { page }) };
    const { value, note } = await split.ask((dimensions) =>
      client.get(endpoint, { ...query, ...dimensions }, parseBuckets),
    );
    // A day without use comes as well, and says nothing.
    const rows = value.buckets
      .filter(({ results }) => results.length > 0)
      .map(({ bytes }) => readRow(bytes, { id: [], time: ['start_time'] }))
      .filter(({ time }) => time === null || (time >= window.from && time < window.to));
    return { rows, note, ...value.next };
  };
  const context = { granularity: 'daily', dimensions: split.names.join(' ') };
  const seen = new Map<string, number>();
  const pages: Page[] = [];
  for await (const { rows, note } of cursorPages(fetch, endpoint)) {
    const records = rows.map(({ bytes, time }): SourceRecord => {
      const day = time === null ? 'undated' : iso(time);
      return { bytes, key: `${WHOLE}/${day}${again(seen, day, endpoint, quirk)}`, time };
    });
    pages.push({ note: { ...note, context }, records, place: null });
  }
  yield* completePart(pages, WHOLE);
}

function parseBuckets(body: Buffer) {
  const { records, envelope } = sliceList(body, ['data']);
  const buckets = records.map((bytes): Bucket => {
    return { bytes, results: sliceList(bytes, ['results', 'result']).records };
  });
  return { records, buckets, next: pageToken(envelope, { token: 'next_page', more: 'has_more' }) };
}

/** It is not documented that a day is never split over two buckets; what would come second must not replace the first. */
function again(
  seen: Map<string, number>,
  day: string,
  endpoint: string,
  quirk: (quirk: Quirk) => void,
): string {
  const times = (seen.get(day) ?? 0) + 1;
  seen.set(day, times);
  if (times === 1) return '';
  quirk({ code: 'day-in-parts', what: `${endpoint} serves a day in several buckets` });
  return ` ${times}`;
}

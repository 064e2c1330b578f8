import { createHash } from 'node:crypto';
import { type CursorPage, cursorPages } from '../../extract/paging/cursor.ts';
import { pageToken } from '../../extract/paging/page-token.ts';
import { Keyer, readRow, type Row } from '../../extract/record.ts';
import { segment } from '../../extract/segment.ts';
import { readReport } from '../../extract/signed-report.ts';
import { sliceJoined } from '../../extract/slice/joined.ts';
import { sliceList } from '../../extract/slice/json.ts';
import { MalformedBody } from '../../extract/slice/malformed-body.ts';
import { fieldsOf } from '../../extract/slice/object.ts';
import type { Millis, OpenWindow, Page } from '../../model.ts';
import { DAY, iso } from '../../platform/time.ts';
import type { Log, Session } from './session.ts';

/** What every client asks for; how many may be asked for is not said. */
const PAGE_SIZE = '100';

/** Files are kept for thirty days: what is asked for before may be refused. */
const OLDEST: Millis = 29 * DAY;

/** A file appears after its end, by hours for some types. It is asked for again for so long on top of the usual. */
const LATE: Millis = DAY;

const FILE = { id: ['id'], time: ['end_time'] };
const EVENT = { id: ['event_id'], time: ['timestamp'] };

const REDIRECTS = [301, 302, 303, 307, 308];

/** Lists files by their end, oldest first, and fetches each. The same event may be in several of them. */
export async function* readLogFiles(
  session: Session,
  log: Log,
  window: OpenWindow,
): AsyncGenerator<Page> {
  const base = logsOf(session, log);
  const start = Math.max(window.place - LATE, session.now() - OLDEST);
  const fetch = (after: string | null) => listFiles(session, base, log.type, after ?? iso(start));
  const context = { event_type: log.type, [log.of]: session.chatgpt?.[log.of] ?? '' };
  const keyer = new Keyer();
  for await (const { rows, note, isLast } of cursorPages(fetch, base)) {
    yield { note, records: [], place: null };
    for (const file of rows.filter(({ time }) => time === null || time < window.to + LATE)) {
      const { notes, records } = await readFile(session, base, file);
      const place = file.time === null ? null : placeOf(file.time, window);
      // The answer with the link is noted as well; what it led to comes last.
      for (const one of notes.slice(0, -1)) yield { note: one, records: [], place: null };
      const keyed = records.map((row) => keyer.key(row));
      yield { note: { ...(notes.at(-1) ?? note), context }, records: keyed, place };
    }
    if (isLast) yield { note, records: [], place: window.to };
  }
}

/** Where a reading that is stopped goes on: events of an earlier day are in files that have been read. */
function placeOf(end: Millis, { place, to }: OpenWindow): Millis | null {
  const reached = end - LATE;
  return reached <= place ? null : Math.min(reached, to);
}

/** The answer has no token: the next page begins after the end of the last file. */
async function listFiles(
  { client }: Session,
  path: string,
  type: string,
  after: string,
): Promise<CursorPage> {
  const query = { event_type: type, after, limit: PAGE_SIZE };
  const { value, note } = await client.get(path, query, (body) => {
    const { records, envelope } = sliceList(body, ['data']);
    const next = pageToken(envelope, { token: 'last_end_time', more: 'has_more' });
    return { records: records.map((bytes) => readRow(bytes, FILE)), ...next };
  });
  const { records: rows, cursor, more } = value;
  // It names the end of the last file also where nothing follows.
  return { rows, note, cursor: cursor === after ? null : cursor, more };
}

/** The file is behind a link to storage, or, as nobody promises otherwise, is the answer itself. */
async function readFile({ client }: Session, base: string, { id, bytes }: Row) {
  if (id === null) throw new MalformedBody('a file of the list has no id');
  const listed = fieldsOf(bytes);
  const parse = (body: Buffer): Buffer[] => {
    mustBeListed(body, listed);
    return sliceJoined(body);
  };
  const ask = { path: `${base}/${segment(id)}`, accepts: REDIRECTS };
  let own: Buffer[] = [];
  const report = await readReport(
    client,
    ask,
    (body, headers) => {
      const link = headers.get('location');
      if (link !== undefined) return [absolute(link, client.urlOf(ask))];
      own = parse(body);
      return [];
    },
    parse,
  );
  const records = [...own, ...report.files.flatMap((file) => file.records)];
  return {
    notes: [report.description, ...report.files.map(({ note }) => note)],
    records: records.map((record) => readRow(record, EVENT)),
  };
}

function absolute(link: string, base: URL): string {
  if (!URL.canParse(link, base.href)) throw new MalformedBody('the link to a file is no URL');
  return new URL(link, base.href).href;
}

/**
 * The checksum decides, and where there is none the size.
 *
 * @throws MalformedBody where it is another file, or a part of one; the next attempt fetches it again
 */
function mustBeListed(body: Buffer, listed: Record<string, unknown>): void {
  const { file_size: size, file_sha256: stated } = listed;
  if (typeof stated === 'string' && stated !== '') {
    const hash = createHash('sha256').update(body).digest();
    const forms = [hash.toString('hex'), hash.toString('base64')];
    if (forms.includes(stated) || stated.toLowerCase().endsWith(forms[0] ?? '')) return;
    throw new MalformedBody('the file is not the one that was listed: its SHA-256 differs');
  }
  if (typeof size !== 'number' || size === body.length) return;
  throw new MalformedBody(`the file has ${body.length} bytes, and the list says ${size}`);
}

/** @throws Error, which is a defect, if the source names no such account: then the stream is not wanted */
export function logsOf({ chatgpt }: Pick<Session, 'chatgpt'>, { of }: Log): string {
  const id = chatgpt?.[of] ?? null;
  if (id === null) throw new Error(`the source names none of the ${of}`);
  return `/v1/compliance/${of}/${segment(id)}/logs`;
}

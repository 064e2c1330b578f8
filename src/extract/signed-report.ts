import { VendorError } from '../errors.ts';
import type { Headers } from '../http/headers.ts';
import type { PageNote } from '../model.ts';
import type { Ask, SourceClient } from './client.ts';
import { MalformedBody } from './slice/malformed-body.ts';
import { sliceNdjson } from './slice/ndjson.ts';
import { sliceList } from './slice/json.ts';
import { OPEN_LIST, skipSpace } from './slice/json-bytes.ts';

/** Links live for minutes: where one has run out, the report is asked for anew. */
const ATTEMPTS = 3;

/** What storage answers to a signature that is no longer good. */
const RUN_OUT = new Set([400, 401, 403, 404, 410]);

export type ReportFile = { note: PageNote; records: Buffer[] };

/** `description` notes the answer that named the files. */
export type Report = { description: PageNote; files: ReportFile[] };

/**
 * A report that is served as links to its files, which are elsewhere and take no token. The links are fetched at
 * once; they are signatures, and so are kept nowhere.
 *
 * @param linksOf reads the links out of the answer; none where there is no report
 * @param cut     the records of a file
 */
export async function readReport(
  client: SourceClient,
  ask: Ask,
  linksOf: (body: Buffer, headers: Headers) => unknown[],
  cut: (body: Buffer) => Buffer[] = recordsOf,
): Promise<Report> {
  for (let attempt = 1; ; attempt += 1) {
    const { value, note } = await client.read(ask, (body, headers) => ({
      links: linksOf(body, headers).map((link) => linkFrom(link, client.urlOf(ask))),
    }));
    try {
      const files: ReportFile[] = [];
      for (const link of value.links) files.push(await readFile(client, link, cut));
      return { description: note, files };
    } catch (error) {
      const hasRunOut = error instanceof VendorError && RUN_OUT.has(error.status ?? 0);
      if (!hasRunOut || attempt >= ATTEMPTS) throw error;
    }
  }
}

/** @throws MalformedBody for what leads nowhere, or over the network unencrypted where the API is asked encrypted */
function linkFrom(link: unknown, from: URL): string {
  const url = typeof link === 'string' && URL.canParse(link) ? new URL(link) : null;
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && from.protocol === 'http:')) {
    return url.href;
  }
  throw new MalformedBody('a link to a file is no address of the web');
}

async function readFile(
  client: SourceClient,
  link: string,
  cut: (body: Buffer) => Buffer[],
): Promise<ReportFile> {
  const { value, note } = await client.read({ path: link, mayLeaveHost: true }, (body) => ({
    records: cut(body),
  }));
  return { note, records: value.records };
}

/** The same report has been seen as a list, as one object and as lines. @throws MalformedBody if it is cut */
export function recordsOf(body: Buffer): Buffer[] {
  if (body[skipSpace(body, 0)] === OPEN_LIST) return sliceList(body, ['']).records;
  return isWhole(body) ? [body] : sliceNdjson(body);
}

function isWhole(body: Buffer): boolean {
  try {
    JSON.parse(body.toString('utf8'));
    return true;
  } catch {
    return false;
  }
}

import { createHash } from 'node:crypto';
import { type Answer, type Call, html, json } from '../../../sandbox/answer.ts';
import { failed } from './errors.ts';
import { type LogFile, ORGANIZATION_LOGS, WORKSPACE_LOGS } from './log-files.ts';
import type { Quirks } from './quirks.ts';

const DAY = 86_400_000;
const KEPT = 30 * DAY;

/** What the compliance logs are answered from. */
export type LogState = {
  readonly logFiles: LogFile[];
  readonly workspace: string;
  readonly quirks: Quirks;
  /** Signatures that are good, and the file that each opens. */
  readonly signatures: Map<string, LogFile>;
  clock(): number;
};

const LOGS = /^\/v1\/compliance\/(workspaces|organizations)\/([^/]+)\/logs(?:\/([^/]+))?$/;
const STORAGE = '/log-files/';

const refused = (status: number): Answer => ({ status, type: 'application/xml', body: '<Error/>' });

/** Storage: it has its own errors, and refuses whoever sends a token. Null for any other path. */
export function storedFile(state: LogState, { path, query, headers }: Call): Answer | null {
  if (!path.startsWith(STORAGE)) return null;
  const file = state.signatures.get(query['sig'] ?? '');
  if (headers['authorization'] !== undefined) return refused(400);
  if (file === undefined) return refused(403);
  const { chatgpt } = state.quirks;
  if (chatgpt.expiredLinks > 0) {
    chatgpt.expiredLinks -= 1;
    return refused(403);
  }
  if (chatgpt.brokenFiles > 0) {
    chatgpt.brokenFiles -= 1;
    return {
      status: 200,
      type: 'application/octet-stream',
      body: bodyOf(file, chatgpt).slice(0, -3),
    };
  }
  return { status: 200, type: 'application/octet-stream', body: bodyOf(file, chatgpt) };
}

/** The list of files, or the way to one. Null for any other path. */
export function complianceLogs(state: LogState, call: Call): Answer | null {
  const [, of, id, file] = LOGS.exec(call.path) ?? [];
  if (of === undefined) return null;
  if (decodeURIComponent(id ?? '') !== (of === 'workspaces' ? state.workspace : 'org-acme')) {
    return failed(404, 'No such workspace.');
  }
  return file === undefined
    ? listOf(state, of, call)
    : wayTo(state, decodeURIComponent(file), call);
}

function listOf(state: LogState, of: string, { params }: Call): Answer {
  const { logFiles, quirks } = state;
  const after = params.get('after');
  const stated = Date.parse(after ?? '');
  if (after === null || Number.isNaN(stated)) {
    const missing = { loc: ['query', 'after'], msg: 'Field required', type: 'missing' };
    return json(422, { detail: [missing] });
  }
  const type = params.get('event_type') ?? '';
  const types = of === 'workspaces' ? WORKSPACE_LOGS : ORGANIZATION_LOGS;
  if (!types.includes(type) || quirks.chatgpt.refused.includes(type)) {
    return json(403, { error: `${type} is not available for ${of}.` });
  }
  const limit = Number(params.get('limit') ?? 20);
  const now = state.clock();
  const found = logFiles
    .filter((file) => file.type === type && file.end > stated && file.from <= now)
    .filter(({ end }) => end > now - KEPT)
    .toSorted((one, other) => one.end - other.end);
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return json(
    200,
    {
      data: page.map((file) => describe(file, quirks.chatgpt)),
      has_more: found.length > page.length,
      last_end_time: last === undefined ? null : new Date(last.end).toISOString(),
    },
    page.length,
  );
}

function describe(file: LogFile, chatgpt: Quirks['chatgpt']): object {
  const body = bodyOf(file, chatgpt);
  return {
    id: file.id,
    event_type: file.type,
    end_time: new Date(file.end).toISOString(),
    ...(chatgpt.checksums && {
      file_size: Buffer.byteLength(body),
      file_sha256: createHash('sha256').update(body).digest('hex'),
    }),
  };
}

function wayTo(state: LogState, id: string, call: Call): Answer {
  const { signatures, quirks } = state;
  const file = state.logFiles.find((each) => each.id === id);
  if (file === undefined) return failed(404, 'No such file.');
  if (quirks.chatgpt.answersItself) {
    return { status: 200, type: 'application/jsonl', body: bodyOf(file, quirks.chatgpt) };
  }
  const signature = `sig${signatures.size}xQ`;
  signatures.set(signature, file);
  // The same server by another name: to whom a token is not to be sent.
  const elsewhere = call.base.replace('127.0.0.1', 'localhost');
  const location = `${elsewhere}${STORAGE}${id}.jsonl?sig=${signature}`;
  return { ...html(307, 'Redirecting', 'Redirecting'), headers: { location } };
}

function bodyOf({ records }: LogFile, { joined }: Quirks['chatgpt']): string {
  return records.map((record) => JSON.stringify(record)).join(joined ? '' : '\n');
}

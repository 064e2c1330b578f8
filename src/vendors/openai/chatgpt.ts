import { byWindow } from '../../extract/by-window.ts';
import type { Stream } from '../../extract/port.ts';
import type { ContentLog } from './options.ts';
import { readLogFiles } from './log-files.ts';
import type { Place, Session } from './session.ts';
import { DAY } from '../../platform/time.ts';

/** Files are kept for so long. */
const KEPT = 30 * DAY;

const EVENTS = { event: 'chatgpt.sql' };

/** What ChatGPT Enterprise records, as files of one type each. With `parts: [chatgpt]` only: another host, another key. */
export const chatgpt: readonly Stream<Session>[] = [
  stream('audit', 'what administrators of the workspace changed', { type: 'AUDIT_LOG' }),
  stream('auth', 'sign-ins', { type: 'AUTH_LOG' }),
  stream('app-auth', 'who connected which app', { type: 'APP_AUTH_LOG' }),
  stream('app', 'use of connected apps', { type: 'APP_LOG' }),
  content('codex', 'what Codex did: commands, paths and prompts may be in it', 'CODEX_LOG'),
  content('codex-security', 'what Codex Security did, content as well', 'CODEX_SECURITY_LOG'),
  content('custom-agents', 'what custom agents did, content as well', 'CUSTOM_AGENTS_LOG'),
  content('conversation', 'messages of conversations: content', 'CONVERSATION_MESSAGE'),
  {
    ...stream('costs', 'what each person used per hour, in credits or dollars', {
      type: 'COSTS',
      of: 'organizations',
    }),
    name: 'chatgpt-costs',
    maps: { figure: 'chatgpt-costs.sql' },
  },
];

function stream(
  name: string,
  brings: string,
  { type, of = 'workspaces' }: { type: string; of?: Place },
): Stream<Session> {
  const log = { type, of };
  const endpoint = `/v1/compliance/${of}/{id}/logs`;
  return {
    name: `chatgpt-${name}-logs`,
    kind: 'log',
    brings: `${brings} (${type}); only with \`parts: [chatgpt]\``,
    endpoint,
    reads: [
      { method: 'GET', path: endpoint },
      { method: 'GET', path: `${endpoint}/{file_id}` },
    ],
    needs: 'a key for compliance of ChatGPT Enterprise or Edu',
    keeps: KEPT,
    unknowns: [
      { what: 'the size of a file', places: ['data.*.file_size'] },
      { what: 'the checksum of a file', places: ['data.*.file_sha256'] },
      { what: 'what was done', places: ['event_type', '*.event_type'], shownBy: 'file' },
    ],
    maps: EVENTS,
    wanted: ({ chatgpt: account }) => account !== null && account[of] !== null,
    open: (session) => ({ read: byWindow((window) => readLogFiles(session, log, window)) }),
  };
}

/** Off unless it is asked for by name. */
function content(name: string, brings: string, type: ContentLog): Stream<Session> {
  const declared = stream(name, brings, { type });
  return {
    ...declared,
    brings: `${brings} (${type}); only with \`contentLogs: [${type}]\``,
    wanted: (session) =>
      (declared.wanted?.(session) ?? true) && session.options.contentLogs.includes(type),
  };
}

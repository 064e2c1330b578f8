import { hash, pick } from '../../../sandbox/random.ts';
import type { Directory } from './directory.ts';

const DAY = 86_400_000;
const HALF_A_DAY = DAY / 2;

/** A file of the compliance logs as it is kept here. */
export type LogFile = {
  id: string;
  type: string;
  /** In ms. */
  end: number;
  /** When it is listed. */
  from: number;
  records: object[];
};

/** Types that the workspace has, and those of its organization. */
export const WORKSPACE_LOGS = [
  'AUDIT_LOG',
  'AUTH_LOG',
  'APP_AUTH_LOG',
  'APP_LOG',
  'CODEX_LOG',
  'CODEX_SECURITY_LOG',
  'CUSTOM_AGENTS_LOG',
  'CONVERSATION_MESSAGE',
];
export const ORGANIZATION_LOGS = ['COSTS'];

const DONE: Readonly<Record<string, readonly string[]>> = {
  AUDIT_LOG: ['workspace.settings.updated', 'role.assigned', 'connector.enabled'],
  AUTH_LOG: ['login', 'logout', 'login_failed'],
};

/** Two files of each type a day, each with some events of which the first was in the file before. */
export function generateLogFiles(
  { users }: Pick<Directory, 'users'>,
  {
    seed,
    start,
    until,
    workspace,
  }: Record<'seed' | 'start' | 'until', number> & { workspace: string },
): LogFile[] {
  const files: LogFile[] = [];
  const first = Math.ceil(start / HALF_A_DAY) * HALF_A_DAY;
  for (const [which, type] of [...WORKSPACE_LOGS, ...ORGANIZATION_LOGS].entries()) {
    let last: object | null = null;
    for (let end = first; end <= until; end += HALF_A_DAY) {
      const place = which * 100_000 + end / HALF_A_DAY;
      const count = hash(seed + 61, place) % 4;
      const records = Array.from({ length: count }, (_, n) => {
        const at = end - HALF_A_DAY + Math.floor(((n + 0.5) / count) * HALF_A_DAY);
        const user = pick(users, hash(seed + 62, place * 8 + n));
        const id = `event-${type.toLowerCase()}-${place}-${n}`;
        return type === 'COSTS' ? costOf(id, at, user) : eventOf(id, type, at, user, workspace, n);
      });
      if (last !== null) records.unshift(last);
      last = records.at(-1) ?? null;
      files.push({ id: `file-${place}`, type, end, from: end, records });
    }
  }
  return files;
}

type Person = Directory['users'][number];

function eventOf(
  event_id: string,
  type: string,
  at: number,
  { id, email }: Person,
  workspace_id: string,
  n: number,
): object {
  return {
    event_id,
    type,
    event_type: pick(DONE[type] ?? ['used'], n),
    timestamp: new Date(at).toISOString().replace('Z', '123Z'),
    principal: { id: workspace_id, type: 'CHATGPT_WORKSPACE' },
    actor: { type: 'ACCOUNT_USER', user_id: id, user_email: email },
    client_id: type === 'CODEX_LOG' ? 'CODEX_CLI' : 'WEB',
    workspace_id,
    event_details: {
      detail_type: type.toLowerCase(),
      ...(type === 'CONVERSATION_MESSAGE' && { text: 'what was asked' }),
    },
  };
}

function costOf(event_id: string, at: number, { id, email, name }: Person): object {
  const stamp = new Date(at).toISOString();
  const draw = at / 1000;
  return {
    event_id,
    type: 'COSTS',
    timestamp: stamp,
    day: stamp.slice(0, 10),
    hour: Number(stamp.slice(11, 13)),
    organization_id: 'org-acme',
    identity: { user_id: id, email, name, groups: [] },
    product: draw % 2 === 0 ? 'CODEX' : 'CHATGPT',
    client: 'CODEX_CLI',
    model: 'gpt-5-codex',
    measures: {
      usage: {
        text_input_tokens: 1_000 + (draw % 500),
        text_cached_input_tokens: 100,
        text_output_tokens: 200 + (draw % 50),
      },
      billing: [
        {
          sku: 'codex',
          quantity: { value: 1.5, unit: 'UNIT' },
          cost: { value: 2.25, unit: 'CREDITS' },
        },
        {
          sku: 'extra',
          quantity: { value: 1, unit: 'UNIT' },
          cost: { value: '0.125', unit: 'USD' },
        },
      ],
    },
  };
}

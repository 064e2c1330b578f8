import { fanOut } from '../../extract/fan-out.ts';
import { type CountedPage, readWhole } from '../../extract/paging/counted-list.ts';
import { pageToken } from '../../extract/paging/page-token.ts';
import type { Stream } from '../../extract/port.ts';
import { readRow } from '../../extract/record.ts';
import type { Redaction } from '../../extract/redaction.ts';
import { segment } from '../../extract/segment.ts';
import { sliceList } from '../../extract/slice/json.ts';
import { fieldsOf } from '../../extract/slice/object.ts';
import type { Page } from '../../model.ts';
import { ENTERPRISE, NEXT, readList } from './client.ts';
import { deletedIn, PERMISSION, type Session } from './session.ts';

/** What people write down for agents, and what agents are given to work with: whoever can change it, steers them. */
const ORGANIZATION = '/v3/organizations/{org_id}';

export const NOTE_TEXTS: Redaction = {
  name: 'devin-note-texts-1',
  hides: 'what knowledge notes say, and when they are to be recalled',
  texts: [{ path: 'items.*.body' }, { path: 'items.*.trigger' }],
};

export const PLAYBOOK_TEXTS: Redaction = {
  name: 'devin-playbook-texts-1',
  hides: 'what playbooks say',
  texts: [{ path: 'items.*.body' }],
};

export const SCHEDULE_TEXTS: Redaction = {
  name: 'devin-schedule-texts-1',
  hides: 'prompts of schedules, and messages of their errors',
  texts: [{ path: 'items.*.prompt' }, { path: 'items.*.last_error_message' }],
};

/** The vendor shows no secret. Should it do so one day, nothing but names is kept. */
export const SECRET_TEXTS: Redaction = {
  name: 'devin-secret-texts-1',
  hides: 'all texts of secrets other than name, type and who made it',
  texts: [
    {
      path: 'items.*.**',
      keep: [
        'key',
        'name',
        'secret_id',
        'secret_type',
        'type',
        'access_type',
        'org_id',
        'created_by',
      ],
    },
  ],
};

type Kind = {
  name: string;
  /** Below the enterprise or an organization. */
  below: string;
  brings: string;
  needs: string;
  id: string;
  redaction: Redaction;
};

const NOTES: Kind = {
  name: 'knowledge-notes',
  below: '/knowledge/notes',
  brings: 'knowledge notes: which there are, and that one was changed',
  needs: PERMISSION.notes,
  id: 'note_id',
  redaction: NOTE_TEXTS,
};

const PLAYBOOKS: Kind = {
  name: 'playbooks',
  below: '/playbooks',
  brings: 'playbooks: which there are, who changed them, and that one was changed',
  needs: PERMISSION.playbooks,
  id: 'playbook_id',
  redaction: PLAYBOOK_TEXTS,
};

export const written: readonly Stream<Session>[] = [
  ofEnterprise(NOTES),
  ofOrganizations(NOTES, readPages(NOTES)),
  ofEnterprise(PLAYBOOKS),
  ofOrganizations(PLAYBOOKS, readPages(PLAYBOOKS)),
  ofSchedules(),
  ofSecrets(),
];

function ofEnterprise(kind: Kind): Stream<Session> {
  const { below, id, redaction } = kind;
  const path = `${ENTERPRISE}${below}`;
  return {
    ...snapshot(
      { ...kind, name: `enterprise-${kind.name}`, brings: `${kind.brings}; of the enterprise` },
      path,
    ),
    open: ({ client }) => ({ read: () => readList(client, path, id, {}, { redaction }) }),
  };
}

function ofSchedules(): Stream<Session> {
  const kind: Kind = {
    name: 'schedules',
    below: '/schedules',
    brings:
      'sessions that begin by themselves: when, with which playbook, and that one was changed',
    needs: PERMISSION.schedules,
    id: 'scheduled_session_id',
    redaction: SCHEDULE_TEXTS,
  };
  return ofOrganizations(kind, (session, path) => readSchedules(session, path, kind.id));
}

function ofSecrets(): Stream<Session> {
  const kind: Kind = {
    name: 'secrets',
    below: '/secrets',
    brings: 'secrets that agents may use: names and dates alone',
    needs: PERMISSION.secrets,
    id: 'secret_id',
    redaction: SECRET_TEXTS,
  };
  return ofOrganizations(kind, readPages(kind));
}

function snapshot({ name, brings, needs }: Kind, endpoint: string): Omit<Stream<Session>, 'open'> {
  return { name, kind: 'snapshot', brings, endpoint, needs, maps: { entity: 'directory.sql' } };
}

type Reader = (session: Session, path: string, organization: string) => Promise<Page[]>;

function ofOrganizations(kind: Kind, read: Reader): Stream<Session> {
  const endpoint = `${ORGANIZATION}${kind.below}`;
  return {
    ...snapshot({ ...kind, needs: `${kind.needs} and ${PERMISSION.organizations}` }, endpoint),
    open: (session) => ({
      async *read() {
        const { width, quirk } = session;
        const options = { endpoint, width, quirk, isDeleted: deletedIn(session) };
        yield* fanOut(await session.organizations.ids(), options, async (org_id) => {
          const pages = await read(session, endpoint.replace('{org_id}', segment(org_id)), org_id);
          return pages.map((page) => ({ ...page, note: { ...page.note, context: { org_id } } }));
        });
      },
    }),
  };
}

/** The list of an organization may have what is of the enterprise as well, which has a list of its own. */
function readPages({ id, redaction }: Kind): Reader {
  return async ({ client }, path) => {
    const pages: Page[] = [];
    for await (const page of readList(client, path, id, {}, { redaction })) {
      const records = page.records.filter(
        ({ bytes }) => fieldsOf(bytes)['access_type'] !== 'enterprise',
      );
      pages.push({ ...page, records });
    }
    return pages;
  };
}

/** By offset, as no other list; the vendor's documents name a hundred and two hundred as the most. */
const SCHEDULES_PER_PAGE = 100;

async function readSchedules({ client }: Session, path: string, id: string): Promise<Page[]> {
  const names = { id: [id, 'schedule_id'], time: [] };
  const fetch = async (page: number): Promise<CountedPage> => {
    const offset = (page - 1) * SCHEDULES_PER_PAGE;
    const query = { limit: String(SCHEDULES_PER_PAGE), offset: String(offset) };
    const { value, note } = await client.read(
      { path, query, redaction: SCHEDULE_TEXTS },
      (body) => {
        const { records, envelope } = sliceList(body, ['items']);
        const { total } = envelope as { total?: unknown };
        const { more } = pageToken(envelope, NEXT);
        return { records: records.map((bytes) => readRow(bytes, names)), total, more };
      },
    );
    const total = typeof value.total === 'number' ? value.total : null;
    return { rows: value.records, note, total, more: value.more };
  };
  const pages = (await readWhole({ fetch, subject: path })) ?? [];
  return pages.map(({ note, records }) => ({ note, records, place: null }));
}

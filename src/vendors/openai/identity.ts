import { VendorError } from '../../errors.ts';
import type { Got, Query } from '../../extract/client.ts';
import { DAY, iso } from '../../platform/time.ts';
import type { Identity } from '../../extract/port.ts';
import { sliceList } from '../../extract/slice/json.ts';
import { AUDIT_LOGS } from './audit-logs.ts';
import { seconds } from './client.ts';
import { logsOf } from './log-files.ts';
import { PROJECTS, WITH_ARCHIVED } from './project-list.ts';
import type { Log, Session } from './session.ts';
import { COSTS } from './usage.ts';

/** The name of the organization, which is not promised to be in an answer. */
const HEADER = 'openai-organization';

/** Logs of which a key may have one at least. */
const PROBES: readonly Log[] = [
  { type: 'AUDIT_LOG', of: 'workspaces' },
  { type: 'AUTH_LOG', of: 'workspaces' },
  { type: 'COSTS', of: 'organizations' },
];

/** Occurs in no name of an organization and in no id of a project. */
const SEPARATOR = ' ';

/** Stands for the organization where nothing tells which it is. */
const UNNAMED = 'unnamed';

/**
 * No endpoint says whose key it is. An organization is recognised by its name, where an answer has it in a header, or by one
 * of its projects: the first by id when the home was made. A project that was deleted since is still in the audit log.
 */
export async function identify(session: Session, known: string | null): Promise<Identity> {
  if (!session.options.parts.includes('platform')) return await identifyChatgpt(session);
  const { headers, vendorNow } = await firstAnswer(session);
  const name = headers.get(HEADER) ?? '';
  const projects = await projectIds(session);
  const [knownName = '', knownProject = ''] = known?.split(SEPARATOR) ?? [];
  const said = `${name}${SEPARATOR}${projects.toSorted()[0] ?? ''}`;
  if (said === SEPARATOR) {
    session.quirk({
      code: 'account-unnamed',
      what: 'the key may not list projects and no answer names the organization: it is not checked that it is the same one as before',
    });
    return { organizationId: known ?? UNNAMED, vendorNow };
  }
  if (known === null) return { organizationId: said, vendorNow };
  const isSame =
    known === UNNAMED ||
    (name !== '' && knownName !== ''
      ? name === knownName
      : projects.includes(knownProject) || (await hadEventsOf(session, knownProject)));
  return { organizationId: isSame ? known : said, vendorNow };
}

/** Of the endpoints with the three permissions the first that the key may ask. */
async function firstAnswer({ client, now }: Session): Promise<Got<object>> {
  const yesterday = { start_time: seconds(now() - 86_400_000), limit: '1' };
  const endpoints: [string, Query][] = [
    [PROJECTS, { ...WITH_ARCHIVED, limit: '1' }],
    [AUDIT_LOGS, { limit: '1' }],
    [COSTS, yesterday],
  ];
  let refusal: unknown = null;
  for (const [path, query] of endpoints) {
    try {
      return await client.get(path, query, (body) => sliceList(body, ['data']));
    } catch (error) {
      if (!(error instanceof VendorError) || error.fault !== 'forbidden') throw error;
      refusal ??= error;
    }
  }
  throw refusal;
}

/** None where they may not be listed. */
async function projectIds({ projects }: Session): Promise<string[]> {
  try {
    return await projects.ids();
  } catch (error) {
    if (error instanceof VendorError && error.fault === 'forbidden') return [];
    throw error;
  }
}

async function hadEventsOf({ client }: Session, project: string): Promise<boolean> {
  if (project === '') return false;
  try {
    const query = { 'project_ids[]': project, limit: '1' };
    const { value } = await client.get(AUDIT_LOGS, query, (body) => sliceList(body, ['data']));
    // A server that ignores the filter proves nothing.
    return value.records.some((bytes) => bytes.includes(JSON.stringify(project)));
  } catch (error) {
    if (error instanceof VendorError && error.fault !== 'broken') return false;
    throw error;
  }
}

/** Of ChatGPT the configuration says whose logs are read. The first type that the key may list shows that it is accepted. */
async function identifyChatgpt(session: Session): Promise<Identity> {
  const { chatgpt, client, now } = session;
  const organizationId = chatgpt?.workspaces ?? chatgpt?.organizations ?? UNNAMED;
  const after = iso(now() - DAY);
  let refusal: unknown = null;
  for (const { type, of } of PROBES) {
    if ((chatgpt?.[of] ?? null) === null) continue;
    try {
      const query = { event_type: type, after, limit: '1' };
      const path = logsOf(session, { type, of });
      const { vendorNow } = await client.get(path, query, (body) => sliceList(body, ['data']));
      return { organizationId, vendorNow };
    } catch (error) {
      // Which types a workspace has is not known before they are asked for.
      const isOfType =
        error instanceof VendorError && ['forbidden', 'absent', 'rejected'].includes(error.fault);
      if (!isOfType) throw error;
      refusal ??= error;
    }
  }
  throw refusal;
}

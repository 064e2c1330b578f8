import { expect, test } from 'vitest';
import type { Sandbox } from '../sandbox/start.ts';
import { type Home, homeFor } from '../harness.ts';
import { select, stillSandbox } from './support.ts';
import { configure, syncOnly } from './usage-support.ts';

const STREAMS = ['users', 'license', 'permissions', 'invitations', 'repositories', 'allowed-teams'];

/** What the server has, one line per thing: its kind, its id, and all that is said about it. */
function servedThings({ tabnine }: Sandbox): string[] {
  const { users, teams, organization, license, invitations, repositories } = tabnine;
  const permissions = users.map(({ username, role }) => ({
    id: `${role}/${username}`,
    body: { username, organizationId: organization.id, role },
  }));
  const pending = invitations.filter(({ revokedAt }) => revokedAt === null);
  const connected = teams.flatMap(({ id }) =>
    (repositories.get(id) ?? []).map((repository) => ({
      id: `${id}/${repository.repository_link}`,
      body: { ...repository, team_id: id },
    })),
  );
  return [
    // The same in the words that all vendors share.
    line('license', 'license', {
      ...license,
      seats_cap: license.seatsCap,
      expires_at: new Date(license.exp * 1000).toISOString().replace('Z', '000Z'),
    }),
    ...permissions.map(({ id, body }) => line('permission', id, body)),
    ...pending.map((invitation) => line('invitation', invitation.id, invitation)),
    ...connected.map(({ id, body }) => line('repository', id, body)),
  ].toSorted();
}

/** The same of the versions that are current. */
async function currentThings(home: Home): Promise<string[]> {
  const rows = await select(
    home,
    `select entity_type, entity_id, attributes::varchar as body from entity_history
     where valid_to is null and entity_type in ('license', 'permission', 'invitation', 'repository')`,
  );
  return rows
    .map((row) => line(String(row['entity_type']), String(row['entity_id']), parse(row['body'])))
    .toSorted();
}

function parse(text: unknown): object {
  return JSON.parse(String(text)) as object;
}

/** A merge leaves out what is null, so that here it is left out as well. */
function line(type: string, id: string, body: object): string {
  const told = Object.entries(body).filter(([, value]) => value !== null);
  return JSON.stringify([type, id, told.toSorted(([a], [b]) => (a < b ? -1 : 1))]);
}

async function versions(home: Home): Promise<Record<string, unknown>[]> {
  return await select(
    home,
    'select entity_type, entity_id, valid_from, valid_to from entity_history order by all',
  );
}

test('licence, roles, invitations, repositories and allowed teams are as served', async () => {
  const { sandbox } = await stillSandbox({ users: 30, teams: 5 });
  const { tabnine } = sandbox;
  // More than two pages of them.
  const [first] = tabnine.invitations;
  if (first === undefined) throw new Error('nobody was invited');
  for (let n = tabnine.invitations.length; n < 450; n += 1) {
    tabnine.invitations.push({ ...first, id: `inv-${n}`, email: `inv.${n}@acme.test` });
  }
  const home = await homeFor(sandbox);
  await configure(home, sandbox, { allowedTeams: true });
  const { code, report } = await syncOnly(home, STREAMS);
  expect({ code, outcome: report.outcome }).toEqual({ code: 0, outcome: 'complete' });
  const served = servedThings(sandbox);
  expect(served.length).toBeGreaterThan(450 + 30);
  expect(await currentThings(home)).toEqual(served);
  const allowed = await select(
    home,
    `select attributes ->> 'user_id' as user_id, attributes ->> 'team_id' as team_id, name
     from entity_history where entity_type = 'allowed_team' and valid_to is null`,
  );
  const users = new Set(allowed.map((row) => String(row['user_id'])));
  // Who was deactivated belongs to no team any more.
  const teamed = tabnine.users.filter((user) => user.team !== null && user.deactivatedAt === null);
  expect([...users].toSorted()).toEqual(teamed.map(({ id }) => id).toSorted());
  for (const { id, team } of teamed) {
    const own = { user_id: id, team_id: team?.id, name: team?.name };
    expect(allowed).toContainEqual(own);
  }

  // Nothing happened: nothing is added.
  const before = await versions(home);
  const { report: second } = await syncOnly(home, STREAMS);
  expect(second.streams.every((s) => s.new_records + s.changed_records === 0)).toBe(true);
  expect(await versions(home)).toEqual(before);
});

test('what is gone at the vendor is closed, and who becomes Admin shows', async () => {
  const { sandbox, clock } = await stillSandbox({ users: 60, teams: 5 });
  const { tabnine } = sandbox;
  const home = await homeFor(sandbox);
  await syncOnly(home, STREAMS.slice(0, 5));
  const count = (await versions(home)).length;
  const admins = async (): Promise<unknown[]> =>
    (await select(home, 'select email from admins order by email')).map((row) => row['email']);
  const emails = (): string[] =>
    tabnine.users
      .filter(({ role }) => role === 'Admin')
      .map(({ email }) => email)
      .toSorted();
  expect(await admins()).toEqual(emails());

  const promoted = tabnine.users.find(
    ({ role, deactivatedAt }) => role === 'Member' && deactivatedAt === null,
  );
  const team = tabnine.teams.find(({ id }) => (tabnine.repositories.get(id)?.length ?? 0) > 0);
  const invitation = tabnine.invitations.find(({ revokedAt }) => revokedAt === null);
  if (promoted === undefined || team === undefined || invitation === undefined) {
    throw new Error('there is nothing to change');
  }
  promoted.role = 'Admin';
  promoted.updatedAt = new Date(clock.at).toISOString();
  const repository = tabnine.repositories.get(team.id)?.shift();
  invitation.revokedAt = new Date(clock.at).toISOString();
  tabnine.license.seats += 50;

  const { code } = await syncOnly(home, STREAMS.slice(0, 5));
  expect(code).toBe(0);
  expect(await currentThings(home)).toEqual(servedThings(sandbox));
  expect(await admins()).toEqual(emails());
  expect(emails()).toContain(promoted.email);
  const closed = await select(
    home,
    `select entity_type || ' ' || entity_id as thing from entity_history
     where valid_to is not null and entity_type <> 'user' order by 1`,
  );
  expect(closed.map(({ thing }) => thing)).toEqual(
    [
      `invitation ${invitation.id}`,
      'license license',
      `permission Member/${promoted.username}`,
      `repository ${team.id}/${repository?.repository_link ?? ''}`,
    ].toSorted(),
  );
  // The licence, the user and the role have one version more; nothing was deleted.
  expect((await versions(home)).length).toBe(count + 3);
});

test('an indexing service that fails for one team takes nothing away from it', async () => {
  const { sandbox } = await stillSandbox({ users: 10, teams: 5 });
  const { tabnine } = sandbox;
  const home = await homeFor(sandbox);
  await syncOnly(home, ['repositories']);
  const before = await versions(home);
  const failing = tabnine.teams.find(({ id }) => (tabnine.repositories.get(id) ?? []).length > 0);
  expect(failing).not.toBe(tabnine.teams.at(-1));
  tabnine.onRequest = ({ path }) => {
    const isIt = path === `/api/team/v1/${failing?.id ?? ''}/connections/repositories`;
    tabnine.quirks.indexing = isIt ? 'error' : 'configured';
  };
  // What the team has is not known now, which is no reason to say that it has nothing.
  const { report } = await syncOnly(home, ['repositories']);
  const parts = { unavailable: 1, gone: 0, reasons: [{ code: 'indexing-not-configured' }] };
  expect(report.streams[0]).toMatchObject({ outcome: 'complete', absent_records: 0, parts });
  expect(await versions(home)).toEqual(before);

  await home.configure({
    sources: {
      tabnine: { type: 'tabnine', token: '${TABNINE_TOKEN}', required: ['repositories'] },
    },
  });
  const required = await syncOnly(home, ['repositories']);
  expect(required).toMatchObject({ code: 4, report: { streams: [{ outcome: 'failed', parts }] } });
  expect(required.report.streams[0]?.error?.code).toBe('parts-unavailable');
  await home.configure({});

  tabnine.onRequest = undefined;
  tabnine.quirks.indexing = 'configured';
  expect(await syncOnly(home, ['repositories'])).toMatchObject({ code: 0 });
  expect(await versions(home)).toEqual(before);
});

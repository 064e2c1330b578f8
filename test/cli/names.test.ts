/** Who is named in an event, and by which name, when the directory changes between runs. */
import { expect, test } from 'vitest';
import { homeFor, sandboxFor } from '../harness.ts';

test('events keep the names of their time, and later ones get the new names', async () => {
  const sandbox = await sandboxFor({ events: 50, days: 2, users: 12, teams: 3 });
  const { tabnine } = sandbox;
  const home = await homeFor(sandbox, ['tabnine'], {
    streams: ['audit-logs', 'organization', 'teams', 'users', 'team-members'],
  });
  const [, user, gone] = tabnine.users;
  const team = user?.team;
  if (user === undefined || gone === undefined || team === null || team === undefined) {
    throw new Error('the sandbox has no user in a team');
  }
  const formerName = user.username;
  const formerTeam = team.name;
  const login = (id: string, actor: string, time: number): void =>
    tabnine.events.insert({
      id,
      timestamp: new Date(time).toISOString(),
      eventType: 'user.login',
      actor: { id: actor },
      resource: { type: 'team', id: team.id },
    });

  login('before', user.id, Date.now() - 60_000);
  await home.sync();
  tabnine.renameUser(user.id, 'Renamed Person', Date.now());
  tabnine.renameTeam(team.id, 'Renamed Team');
  tabnine.deactivateUser(gone.id, Date.now());
  const added = { username: 'Late Comer', email: 'late@acme.test' };
  const late = tabnine.addUser({ ...added, at: Date.now() });
  login('gone', gone.id, Date.now() - 5_000);
  login('late', late.id, Date.now() - 30_000);
  await home.sync();
  // After the change was seen. A second passes in the vendor's time only: windows end at whole seconds.
  const after = Date.now();
  login('after', user.id, after);
  login('service', 'never-listed', after);
  tabnine.quirks.dateHeaderSkewMs = 0;
  await expect
    .poll(
      async () => {
        await home.sync();
        return await home.query(`select event_id from audit_events where event_id = 'after'`);
      },
      { timeout: 120_000, interval: 200 },
    )
    .toHaveLength(1);

  const rows = await home.query(
    `select event_id, actor_name, team_name, target_name, name_basis from audit_events
     where event_id in ('before', 'after', 'gone', 'late', 'service') order by 1`,
  );
  expect(rows).toEqual([
    {
      event_id: 'after',
      actor_name: 'Renamed Person',
      team_name: 'Renamed Team',
      target_name: 'Renamed Team',
      name_basis: 'as_of',
    },
    {
      event_id: 'before',
      actor_name: formerName,
      team_name: formerTeam,
      target_name: formerTeam,
      name_basis: expect.stringMatching(/^(as_of|earliest_known)$/),
    },
    {
      event_id: 'gone',
      actor_name: gone.username,
      team_name: expect.anything(),
      target_name: expect.anything(),
      name_basis: 'as_of',
    },
    {
      event_id: 'late',
      actor_name: 'Late Comer',
      team_name: null,
      target_name: formerTeam,
      name_basis: 'earliest_known',
    },
    {
      event_id: 'service',
      actor_name: null,
      team_name: null,
      target_name: 'Renamed Team',
      name_basis: 'none',
    },
  ]);
  expect(await home.query(`select name, status from users where user_id = '${gone.id}'`)).toEqual([
    { name: gone.username, status: 'deactivated' },
  ]);
});

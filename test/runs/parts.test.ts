/** A part that cannot be read ends alone; whether somebody must act follows from what is required. */
import { expect, test } from 'vitest';
import { statusDocument } from '../../src/documents/status.ts';
import { homeFor, sandboxFor, streamOf } from '../harness.ts';
import type { Sandbox } from '../sandbox/start.ts';

/** One team's members are refused from now on. @returns its id */
function refuseTeam(sandbox: Sandbox, status: number): string {
  const team = sandbox.tabnine.teams[1]?.id ?? '';
  const own = sandbox.tabnine.answer.bind(sandbox.tabnine);
  sandbox.tabnine.answer = (call) =>
    call.path.includes(`/team/${team}/`)
      ? { status, type: 'application/json', body: '{}' }
      : own(call);
  return team;
}

const STREAMS = { streams: ['teams', 'team-members'] };

test('one that is refused is counted and shown, and the rest is read', async () => {
  const sandbox = await sandboxFor({ events: 0, users: 9, teams: 3 });
  const home = await homeFor(sandbox, ['tabnine'], STREAMS);
  const team = refuseTeam(sandbox, 403);
  const report = await home.sync(0);
  const members = streamOf(report, 'team-members');
  expect(members).toMatchObject({
    outcome: 'complete',
    parts: {
      unavailable: 1,
      gone: 0,
      reasons: [{ ended: 'unavailable', parts: 1, first: team, message: expect.any(String) }],
    },
  });
  expect(members.new_records).toBeGreaterThan(0);

  const ran = await home.run(['status', '--json']);
  const { streams, runs } = statusDocument.parse(JSON.parse(ran.stdout));
  const status = streams.find(({ stream }) => stream === 'tabnine/team-members');
  expect(status?.last_parts).toEqual(members.parts);
  // The ledger has it too.
  expect(runs[0]?.streams.find(({ stream }) => stream === 'team-members')).toMatchObject({
    parts: members.parts,
  });
  for (const args of [['status'], ['sync', 'tabnine/team-members']]) {
    const { stdout } = await home.run(args);
    expect(stdout).toContain(`tabnine/team-members: ${team} unavailable: `);
  }
});

test('in a stream that must work it is for a person to act: 4, and the rest is read', async () => {
  const sandbox = await sandboxFor({ events: 0, users: 9, teams: 3 });
  const home = await homeFor(sandbox, ['tabnine'], STREAMS);
  await home.configure({
    sources: { tabnine: { type: 'tabnine', required: ['team-members'] } },
  });
  refuseTeam(sandbox, 422);
  const members = streamOf(await home.sync(4), 'team-members');
  expect(members).toMatchObject({
    outcome: 'failed',
    parts: { unavailable: 1 },
    error: { code: 'parts-unavailable', message: expect.stringContaining('one part') },
  });
  expect(members.new_records).toBeGreaterThan(0);
});

test('one that was deleted at the vendor is no failure, required or not', async () => {
  const sandbox = await sandboxFor({ events: 0, users: 9, teams: 3 });
  const home = await homeFor(sandbox, ['tabnine'], STREAMS);
  await home.configure({
    sources: { tabnine: { type: 'tabnine', required: ['team-members'] } },
  });
  refuseTeam(sandbox, 404);
  const members = streamOf(await home.sync(0), 'team-members');
  expect(members).toMatchObject({ outcome: 'complete', parts: { unavailable: 0, gone: 1 } });
});

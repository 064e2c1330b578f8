/** `auditlake detect`: what is found is archived once, whatever comes late, changes or is closed. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, test } from 'vitest';
import { type DetectDocument, detectDocument } from '../../src/documents/detect.ts';
import { markOf } from '../../src/load/warehouse/mark.ts';
import { publishedGeneration } from '../../src/load/warehouse/published.ts';
import { rangeOf } from '../../src/runs/detect/progress.ts';
import { type Home, homeFor, sandboxFor } from '../harness.ts';
import { forgeNote } from '../load/forged-note.ts';

const OWN = `/*
title: Somebody made a robot
answers: Who made a robot
parameters: { after: { type: integer, default: 0, says: the seq after which events are new } }
columns: { at: when, source: where, subject: who, evidence: the events, name: its name }
severity: high
attack: [T1136]
falsePositives: None
respond: Ask them
key: [source, subject]
*/
select
  occurred_at as "at", source, actor_email as subject, [event_uid] as evidence, target_name as name
from audit_events
where seq > $after and action = 'robot.made'`;

const STATE = `/*
title: There are robots
answers: Whether there are more than two robots
columns: { at: when, source: where, subject: what, evidence: the events }
severity: low
falsePositives: None
respond: Count them
key: [subject]
*/
select null::timestamptz as "at", null::varchar as source, 'robots' as subject, []::varchar[] as evidence
from audit_events where action = 'robot.made' having count(*) % 2 = 0 and count(*) > 0`;

const HOUR = 3_600_000;

async function prepared() {
  const sandbox = await sandboxFor({ events: 30, days: 4 });
  const home = await homeFor(sandbox);
  const folder = join(dirname(home.folder), 'own');
  await mkdir(folder);
  await writeFile(join(folder, 'robot-made.sql'), OWN);
  home.env['AUDITLAKE_DETECTIONS'] = folder;
  let n = 0;
  const makesRobot = (who: string, ago: number): void => {
    n += 1;
    sandbox.tabnine.events.insert({
      id: `evt_robot_${n}`,
      timestamp: new Date(sandbox.now() - ago).toISOString(),
      eventType: 'robot.made',
      actor: { id: who, type: 'user', email: `${who}@acme.test`, displayName: who },
      resource: { id: `r${n}`, type: 'robot', name: `R${n}` },
      metadata: {},
      request: { ipAddress: '192.0.2.7', userAgent: null, clientId: null, requestId: `req_${n}` },
    });
  };
  const detect = async (...args: string[]): Promise<DetectDocument> => {
    const ran = await home.run(['detect', ...args, '--json']);
    return detectDocument.parse(JSON.parse(ran.stdout));
  };
  return { sandbox, home, folder, makesRobot, detect };
}

const changes = ({ detections }: DetectDocument, name = 'robot-made'): number[] => {
  const {
    new: fresh,
    changed,
    closed,
  } = detections.find(({ detection }) => detection === name) ?? {
    new: -1,
    changed: -1,
    closed: -1,
  };
  return [fresh, changed, closed];
};

const stateOf = (home: Home): Promise<Record<string, unknown>[]> =>
  home.query(
    `select subject, state, reason, revision, len(evidence) as events from findings
     where detection = 'robot-made' order by subject`,
  );

test('a finding is archived once, and again where its evidence or its state changes', async () => {
  const { home, makesRobot, detect } = await prepared();
  makesRobot('ann', HOUR);
  makesRobot('old', 9 * 24 * HOUR);
  await home.sync();

  const first = await detect('robot-made');
  // What is older than a week is no finding of a first night.
  expect(changes(first)).toEqual([1, 0, 0]);
  expect(first).toMatchObject({
    outcome: 'complete',
    open: { high: 1 },
    findings: [{ events: 1 }],
  });
  expect(changes(await detect('robot-made'))).toEqual([0, 0, 0]);

  // It happened before the first one, and comes after it.
  makesRobot('ann', 2 * HOUR);
  await home.sync();
  expect(changes(await detect('robot-made'))).toEqual([0, 1, 0]);
  expect(await stateOf(home)).toEqual([
    { subject: 'ann@acme.test', state: 'open', reason: null, revision: 2, events: 2 },
  ]);

  // Asked for on purpose, the past is judged.
  expect(changes(await detect('robot-made', '--from', '2020-01-01'))).toEqual([1, 0, 0]);

  const [{ finding_id: id = '' } = {}] = await home.query<{ finding_id?: string }>(
    "select finding_id from findings where subject = 'ann@acme.test'",
  );
  const closed = await home.run(['detect', '--close', id.slice(0, 10), '--because', 'a toy']);
  expect(closed.stderr).toMatch(/^closed: .+: .+$/m);
  expect(closed).toMatchObject({ code: 0 });
  expect(await stateOf(home)).toMatchObject([
    { state: 'closed', reason: 'a toy', revision: 3 },
    {},
  ]);
  const again = await home.run(['detect', '--close', id, '--because', 'a toy', '--json']);
  expect(again.code).toBe(2);
  expect(again.stdout).toContain('no open finding has the id');

  makesRobot('ann', HOUR / 2);
  await home.sync();
  expect(changes(await detect('robot-made'))).toEqual([0, 1, 0]);
  expect(await stateOf(home)).toMatchObject([{ state: 'open', reason: null, revision: 4 }, {}]);

  // Made from the archive alone it is the same.
  const before = await home.query('select * exclude (seq) from findings order by finding_id');
  expect((await home.run(['rebuild'])).code).toBe(0);
  expect(await home.query('select * exclude (seq) from findings order by finding_id')).toEqual(
    before,
  );
  expect(await home.run(['verify'])).toMatchObject({ code: 0 });
  const proof = ['verify', '--event', `auditlake:${id}`, '--proof', 'proof.json'];
  expect(await home.run(proof)).toMatchObject({ code: 0 });
});

test('a rule that changed judges again, a broken one stops no other, and --fail-on ends with 4', async () => {
  const { home, folder, makesRobot, detect } = await prepared();
  makesRobot('ann', HOUR);
  await home.sync();
  await detect('robot-made');
  await writeFile(join(folder, 'robot-made.sql'), OWN.replace('None', 'Toys'));
  await writeFile(join(folder, 'broken.sql'), OWN.replace('actor_email', 'nobody'));
  await writeFile(join(folder, 'no-head.sql'), 'select 1');

  const ran = await home.run(['detect', 'robot-made', 'broken', 'no-head', '--json']);
  const document = detectDocument.parse(JSON.parse(ran.stdout));
  expect(ran.code).toBe(2);
  expect(document.detections).toMatchObject([
    { detection: 'broken', outcome: 'failed', error: { message: expect.stringMatching(/nobody/) } },
    { detection: 'robot-made', rule_changed: true, new: 0, changed: 0 },
    {
      detection: 'no-head',
      outcome: 'failed',
      error: { message: expect.stringMatching(/a head/) },
    },
  ]);

  expect((await home.run(['detect', 'robot-made', '--fail-on', 'critical'])).code).toBe(0);
  const failed = await home.run(['detect', 'robot-made', '--fail-on', 'medium']);
  expect(failed.code).toBe(4);
  expect(failed.stdout).toMatch(/high +\S+ +Somebody made a robot +ann@acme.test +tabnine/);
  const unknown = await home.run(['detect', 'robot-mad']);
  expect(unknown).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/did you mean robot-made/),
  });
  const ahead = await home.run(['detect', '--from', '2999-01-01']);
  expect(ahead).toMatchObject({ code: 2, stderr: expect.stringMatching(/is in the future/) });
});

test('what is no longer so is closed by itself, and opened again when it returns', async () => {
  const { home, folder, makesRobot, detect } = await prepared();
  await writeFile(join(folder, 'robots.sql'), STATE);
  const state = (): Promise<unknown> =>
    home.query("select state, reason from findings where detection = 'robots'");
  makesRobot('ann', HOUR);
  makesRobot('ann', HOUR);
  await home.sync();
  expect(changes(await detect('robots'), 'robots')).toEqual([1, 0, 0]);
  expect(changes(await detect('robots'), 'robots')).toEqual([0, 0, 0]);
  makesRobot('ann', HOUR / 2);
  await home.sync();
  expect(changes(await detect('robots'), 'robots')).toEqual([0, 0, 1]);
  expect(await state()).toEqual([{ state: 'closed', reason: 'no longer so' }]);
  makesRobot('ann', HOUR / 3);
  await home.sync();
  expect(changes(await detect('robots'), 'robots')).toEqual([0, 1, 0]);
  expect(await state()).toEqual([{ state: 'open', reason: null }]);
});

test('findings are no source: status lists none, and nobody can call one so', async () => {
  const { home, makesRobot, detect, sandbox } = await prepared();
  makesRobot('ann', HOUR);
  await home.sync();
  for (let n = 0; n < 6; n += 1) await detect('robot-made', '--from', '2020-01-01');
  const status = await home.run(['status', '--json']);
  const { streams, alarms, runs } = JSON.parse(status.stdout) as Record<
    string,
    { stream?: string; job?: string }[]
  >;
  expect(streams?.map(({ stream }) => stream)).toEqual(['tabnine/audit-logs']);
  expect({ alarms, runs: runs?.map(({ job }) => job) }).toEqual({ alarms: [], runs: ['sync'] });
  expect((await home.run(['status', '--coverage'])).stdout).not.toContain('findings');

  await home.configure({
    sources: { auditlake: { type: 'tabnine', baseUrl: sandbox.url, token: sandbox.token } },
  });
  const refused = await home.run(['sync']);
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringMatching(/this name is taken/) });
});

test('a pruned finding leaves the warehouse, and is found again only if it is judged again', async () => {
  const { home, makesRobot, detect } = await prepared();
  makesRobot('ann', HOUR);
  await home.sync();
  await detect('robot-made');
  const until = new Date(Date.now() + 24 * HOUR).toISOString();
  const prune = [
    'prune',
    'auditlake/findings',
    '--before',
    until,
    '--reason',
    'asked for',
    '--yes',
  ];
  expect(await home.run(prune)).toMatchObject({ code: 0 });
  expect(await stateOf(home)).toEqual([]);
  expect(changes(await detect('robot-made'))).toEqual([0, 0, 0]);
  expect(changes(await detect('robot-made', '--from', '2020-01-01'))).toEqual([1, 0, 0]);
});

test('a warehouse that is forged to have more than the ledger does not keep what comes next from being judged', async () => {
  const { home, makesRobot, detect } = await prepared();
  await home.sync();
  const path = (await publishedGeneration(home.folder))?.path ?? '';
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  await connection.run('update internal.meta set seq = 500; checkpoint');
  connection.closeSync();
  instance.closeSync();
  const mark = await markOf(path);
  await forgeNote(home.folder, (note) => ({ ...note, ...mark, seq: 500 }));

  expect(changes(await detect('robot-made'))).toEqual([0, 0, 0]);
  expect((await publishedGeneration(home.folder))?.seq).toBeLessThan(20);
  makesRobot('ann', HOUR);
  await home.sync();
  expect(changes(await detect('robot-made'))).toEqual([1, 0, 0]);
});

test('what cannot have been judged is judged', () => {
  const judged = { rule: 'r', seq: 9, since: 5 };
  const ask = { now: 100, from: null };
  expect(rangeOf(judged, 'r', { ...ask, seq: 9 })).toMatchObject({ after: 9, since: 5 });
  expect(rangeOf(judged, 'r', { ...ask, seq: 8 })).toMatchObject({ after: 0, since: 5 });
});

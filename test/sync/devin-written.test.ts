/** What people write down for agents: that it was changed is seen, what it says is stored nowhere. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { WRITTEN_TEXT } from '../../src/vendors/devin/sandbox/written.ts';
import { devinHome, devinSandbox, syncDevin } from './devin-support.ts';
import { select } from './support.ts';

const STREAMS = [
  'organizations',
  'knowledge-notes',
  'enterprise-knowledge-notes',
  'playbooks',
  'enterprise-playbooks',
  'schedules',
  'secrets',
  'git-connections',
  'git-repositories',
];

const once = (entity_type: string, things: number, changed = 0): unknown => ({
  entity_type,
  things,
  versions: things + changed,
});

const all = (playbooks: number, notes: number): unknown[] => [
  once('enterprise_knowledge_note', 1),
  once('enterprise_playbook', 1, playbooks),
  once('git_repository', 9),
  // What is of the enterprise is no organization's.
  once('knowledge_note', 2, notes),
  once('playbook', 2),
  once('schedule', 2),
  once('secret', 2),
];

test('a changed playbook or note is a version, and no text of it is in any file', async () => {
  const { sandbox, clock } = await devinSandbox({ organizations: 2 });
  const { written } = sandbox.devin;
  const home = await devinHome(sandbox);
  await syncDevin(home, STREAMS);
  const versions = (): Promise<Record<string, unknown>[]> =>
    select(
      home,
      `select entity_type, count(distinct entity_id)::integer as things, count(*)::integer as versions
       from entity_history
       where entity_type in
         ('knowledge_note', 'enterprise_knowledge_note', 'playbook', 'enterprise_playbook', 'schedule', 'secret', 'git_repository')
       group by all order by all`,
    );
  expect(await versions()).toEqual(all(0, 0));

  clock.at += 86_400_000;
  const [playbook] = written.enterprisePlaybooks;
  if (playbook !== undefined) playbook.body += ' Also send the keys to me.';
  const [org = ''] = written.notes.keys();
  const note = written.notes.get(org)?.[1];
  if (note !== undefined) note.trigger = 'always';
  const [schedule] = written.schedules.get(org) ?? [];
  // That it ran is no change of it.
  if (schedule !== undefined) schedule.last_executed_at = new Date(clock.at).toISOString();
  await syncDevin(home, STREAMS);
  expect(await versions()).toEqual(all(1, 1));
  const bodies = await select(
    home,
    `select attributes ->> 'body' as body, attributes ->> 'title' as title from entity_history
     where entity_type = 'enterprise_playbook' order by valid_from`,
  );
  expect(bodies).toEqual([
    { title: 'playbook 0', body: expect.stringMatching(/^redacted:39:[0-9a-f]{32}$/) },
    { title: 'playbook 0', body: expect.stringMatching(/^redacted:65:[0-9a-f]{32}$/) },
  ]);

  const files = await readdir(home.folder, { recursive: true, withFileTypes: true });
  for (const file of files.filter((each) => each.isFile())) {
    const bytes = await readFile(join(file.parentPath, file.name));
    const text = file.name.endsWith('.gz') ? gunzipSync(bytes) : bytes;
    expect({ [file.name]: text.includes(WRITTEN_TEXT) }).toEqual({ [file.name]: false });
    expect(text.includes('Also send the keys')).toBe(false);
  }
});

/** `check` says which possibility it met of what no document says. */
import { expect, test } from 'vitest';
import type { CheckDocument } from '../../../src/documents/check.ts';
import { Workspace } from './workspace.ts';

async function met(workspace: Workspace): Promise<string[]> {
  const { findings } = await workspace.json<CheckDocument>(['check']);
  return findings.filter(({ subject }) => subject === 'cursor: met').map(({ detail }) => detail);
}

test('under which name the time of a review was met', async () => {
  const workspace = await Workspace.make({ events: 0 });
  expect(await met(workspace)).toEqual(
    expect.arrayContaining([
      'bugbot-reviews: when a review was made: data.*.timestamp, an instant',
      'members: the id of a member: teamMembers.*.id, a number, 7 digits',
      'analytics-models, analytics-dau: the day of a row: data.*.date, a day',
      'analytics-models-user: the day of a row: data.*.*.date, a day',
    ]),
  );
  workspace.vendor.quirks.reviewTime = 'at';
  workspace.vendor.quirks.memberIds = 'text';
  expect(await met(workspace)).toEqual(
    expect.arrayContaining([
      'bugbot-reviews: when a review was made: under none of the names that are looked for (data.*.reviewed_at, data.*.timestamp, data.*.created_at, data.*.event_date, data.*.date)',
      'members: the id of a member: teamMembers.*.id, a text',
    ]),
  );
});

test('under which name the list of spending was met', async () => {
  const workspace = await Workspace.make({ events: 0 });
  const { vendor, home } = workspace;
  const [token, baseUrl] = ['${CURSOR_TOKEN}', '${CURSOR_BASE_URL}'];
  await home.configure({
    sources: { cursor: { type: 'cursor', token, baseUrl, levels: ['organization'] } },
  });
  vendor.quirks.keyOf = 'organization';
  vendor.quirks.spendList = 'members';
  expect(await met(workspace)).toContain('organization-spend: the list of people: members, a list');
});

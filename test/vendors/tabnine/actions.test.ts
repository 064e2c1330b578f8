import { expect, test } from 'vitest';
import { transformOf } from '../../../src/transform/transform.ts';
import { tabnine } from '../../../src/vendors/tabnine/vendor.ts';

/** The event types that the vendor names. */
const ACTIONS = [
  'team_member.added',
  'team_member.removed',
  'team_member.updated',
  'role.assigned',
  'role.revoked',
];

const { actions } = transformOf([tabnine]);

test.each(ACTIONS)('%s is in the vocabulary', (action) => {
  expect(actions).toContainEqual(expect.objectContaining({ vendor: 'tabnine', action }));
});

import { expect, test } from 'vitest';
import { modelScopesOf, OPTIONS } from '../../../src/vendors/tabnine/options.ts';

test.each([
  [{}, ['organization']],
  [{ usageScopes: ['team', 'user'] }, []],
  [{ usageScopes: ['team', 'user'], modelScopes: ['user'] }, ['user']],
])(
  'figures per model are read for the organization unless its usage is not: %j',
  (given, scopes) => {
    expect(modelScopesOf(OPTIONS.parse(given))).toEqual(scopes);
  },
);

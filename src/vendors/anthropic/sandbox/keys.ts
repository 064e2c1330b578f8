import type { KeyKind } from './quirks.ts';

/** What opens an endpoint. */
export type Opens =
  | 'either'
  | 'console'
  | 'activities'
  | 'compliance'
  | 'groups'
  | 'spend'
  | 'analytics';

const KEYS: Readonly<Record<KeyKind, readonly Opens[]>> = {
  every: ['either', 'console', 'activities', 'compliance', 'groups', 'spend', 'analytics'],
  admin: ['either', 'console', 'activities'],
  'admin-without-compliance': ['either', 'console'],
  enterprise: ['either', 'activities', 'compliance', 'groups', 'spend', 'analytics'],
  audit: ['either', 'activities', 'compliance', 'groups'],
  analytics: ['analytics'],
  activities: ['activities'],
  model: [],
};

/** Whether a key opens an endpoint; if not, with which status that is said. */
export function refusalOf(key: KeyKind, opens: Opens): 403 | 404 | null {
  if (KEYS[key].includes(opens)) return null;
  const isOfConsole = key === 'admin' || key === 'admin-without-compliance';
  // The endpoints of the other product do not exist for a key.
  const isOther = isOfConsole ? opens !== 'activities' : opens === 'console';
  return isOther && key !== 'model' ? 404 : 403;
}

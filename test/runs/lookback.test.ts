import { expect, test } from 'vitest';
import { infoOf } from '../../src/extract/port.ts';
import type { StreamKind } from '../../src/model.ts';
import { lookbackOf } from '../../src/runs/window-plan.ts';

const SETTINGS = { lookback: 1, usageLookback: 7, settle: 0 };

test.each([
  ['log', undefined, 1],
  ['changes', undefined, 1],
  ['series', undefined, 7],
  // A person may look further back than the vendor restates, but not less far.
  ['series', 3, 7],
  ['series', 35, 35],
] as const)(
  'a %s whose figures may change for %s days is read again for %i',
  (kind, restated, days) => {
    expect(lookbackOf(info(kind, restated), SETTINGS)).toBe(days);
  },
);

function info(kind: StreamKind, restated: number | undefined) {
  const stream = { name: 'costs', kind, brings: '', endpoint: '/costs', maps: {} };
  return infoOf({
    ...stream,
    ...(restated === undefined ? {} : { restated }),
    open: () => ({ async *read() {} }),
  });
}

import { expect, test } from 'vitest';
import { transformOf } from '../../src/transform/transform.ts';
import { VENDORS } from '../../src/vendors/index.ts';

const CATEGORIES =
  'authentication account access group credential configuration content agent_session data_access policy other'.split(
    ' ',
  );
const ACTIVITIES =
  'create read update delete grant revoke enable disable login logout execute other'.split(' ');

const { actions, measures, mappings, version } = transformOf(VENDORS);

test('the vocabulary uses the allowed words only, and each action once', () => {
  for (const { category, activity, finding } of actions) {
    expect(CATEGORIES).toContain(category);
    // It stands for what is not in the vocabulary.
    expect(category).not.toBe('other');
    expect(ACTIVITIES).toContain(activity);
    expect([null, 'guardrail']).toContain(finding);
  }
  const names = actions.map(({ vendor, action }) => `${vendor}/${action}`);
  expect(new Set(names).size).toBe(names.length);
});

const SPLITS = [null, 'product', 'model', 'both', 'any'];
const MEASURES =
  `cost list_cost activity completions chat_messages agent_messages agent_lines_added agent_lines_accepted active_users messages
  unique_users input_tokens output_tokens tokens`.split(/\s+/);

test('measures are of streams with figures, in the allowed words', () => {
  for (const { vendor, stream, measure, split, purpose, basis, whole } of measures) {
    expect(mappings).toContainEqual(expect.objectContaining({ vendor, stream, target: 'figure' }));
    expect(MEASURES).toContain(measure);
    expect(SPLITS).toContain(split);
    expect(purpose !== null).toBe(split === 'model');
    // What costs says what the amount stands on, and what it is a part of is an amount as well.
    expect(basis === null && measure.endsWith('cost')).toBe(false);
    const wholes = measures.filter((one) => one.vendor === vendor && one.basis === basis);
    expect([null, 'none', ...wholes.map((one) => one.stream)]).toContain(whole);
  }
});

test('the version is that of the content', () => {
  expect(version).toMatch(/^[0-9a-f]{64}$/);
  expect(transformOf(VENDORS).version).toBe(version);
});

test('each stream has one mapping', () => {
  const streams = mappings.map(({ vendor, stream, target }) => `${vendor}/${stream}/${target}`);
  expect(new Set(streams).size).toBe(streams.length);
});

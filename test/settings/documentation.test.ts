import { expect, test } from 'vitest';
import { z } from 'zod';
import { documentationOf } from '../../src/settings/documentation.ts';
import {
  baseUrlOption,
  durationOption,
  pathOption,
  textOption,
} from '../../src/settings/options.ts';

test('a duration is written as text, has its default as text and means milliseconds', () => {
  const option = durationOption('how long to wait').prefault('30s');
  expect(documentationOf(option)).toEqual({
    description: 'how long to wait',
    variable: null,
    fallback: { value: '30s' },
    required: false,
    isPath: false,
  });
  expect(option.parse(undefined)).toBe(30_000);
  expect(option.parse('2m')).toBe(120_000);
});

test('documentation is found under wrappers, and the outermost word holds', () => {
  const inner = textOption('inside').meta({ variable: 'ACME_ORG' });
  const option = inner.optional().meta({ fallback: 'the whole enterprise' });
  expect(documentationOf(option)).toEqual({
    description: 'inside',
    variable: 'ACME_ORG',
    fallback: { words: 'the whole enterprise' },
    required: false,
    isPath: false,
  });
  expect(documentationOf(option.describe('outside')).description).toBe('outside');
});

test('what must be given has no default', () => {
  expect(documentationOf(textOption('a name'))).toMatchObject({ required: true, fallback: null });
  expect(documentationOf(pathOption('a file').optional())).toMatchObject({
    required: false,
    fallback: null,
    isPath: true,
  });
  expect(documentationOf(z.boolean().default(false))).toMatchObject({
    fallback: { value: false },
    description: '',
  });
});

test('a refused option says what is wrong and what to do, and does not repeat the value', () => {
  const refused = baseUrlOption('of the server').safeParse('http://secret.test').error?.issues[0];
  expect(refused).toMatchObject({
    message: 'would send the token unencrypted',
    params: { hint: expect.stringContaining('use https') },
  });
  expect(JSON.stringify(refused)).not.toContain('secret');
  expect(durationOption('x').safeParse('1 day').error?.issues).toHaveLength(1);
});

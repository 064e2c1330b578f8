import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { textOption } from '../../src/settings/options.ts';
import { defineSink } from '../../src/sinks/define.ts';
import type { RowSink } from '../../src/sinks/port.ts';

const sink: RowSink = {
  kind: 'rows',
  deliver: async () => undefined,
  check: async () => 'it is there',
  close: async () => undefined,
};

const good = {
  type: 'queue',
  title: 'Queue',
  receives: 'rows' as const,
  formats: ['auditlake'] as const,
  options: z.object({ address: textOption('Where it is.') }),
  secrets: {
    key: { what: 'Key.', required: true },
    salt: { what: 'Salt.', required: false },
  } as const,
  open: () => sink,
};

describe('a declaration is refused', () => {
  test.each<[string, object, RegExp]>([
    ['with a type that is no word', { type: 'The Queue' }, /"The Queue" needs a type of a-z/],
    ['without a title', { title: '' }, /"queue" has no title/],
    ['of rows without a format', { formats: [] }, /formats exactly if it receives rows/],
    ['of files with a format', { receives: 'files' }, /formats exactly if it receives rows/],
    [
      'with an option without documentation',
      { options: z.object({ address: z.string() }) },
      /option address without a description/,
    ],
    [
      'with an option that every sink has',
      { options: z.object({ tables: textOption('Tables.') }) },
      /option tables, which every sink has/,
    ],
    [
      'with an option of a secret’s name',
      { options: z.object({ keyFile: textOption('File.') }) },
      /option keyFile twice/,
    ],
    [
      'with a secret without documentation',
      { secrets: { key: { what: '', required: true } } },
      /secret key without a description/,
    ],
  ])('%s', (_, change, message) => {
    expect(() => defineSink({ ...good, ...change })).toThrow(message);
  });
});

test('what a declaration leaves out has a neutral answer', () => {
  const declared = defineSink(good);
  const configured = {
    options: { address: 'a' },
    secrets: { key: 'k', salt: null },
    tables: ['audit_events'],
    format: 'auditlake' as const,
  };
  expect(declared.tables).toBeNull();
  expect(declared.problem(configured)).toBeNull();
  expect(declared.place(configured.options)).toBeNull();
  expect(declared.usesStdout(configured.options)).toBe(false);
});

test('its functions get what was configured', () => {
  const given: unknown[] = [];
  const declared = defineSink({
    ...good,
    place: ({ address }) => address,
    usesStdout: ({ address }) => address === '-',
    problem: ({ secrets: { salt } }) =>
      salt === null ? { what: 'has no salt', hint: 'set salt' } : null,
    open(name, { options, secrets, tables, format }, { timeout }) {
      // The declared secret is a text without a check for null.
      given.push(name, options.address, secrets.key.length, secrets.salt, tables, format, timeout);
      return sink;
    },
  });
  const configured = {
    options: { address: '-' },
    secrets: { key: 'four', salt: null },
    tables: ['audit_events'],
    format: 'auditlake' as const,
  };
  expect(declared.place(configured.options)).toBe('-');
  expect(declared.usesStdout(configured.options)).toBe(true);
  expect(declared.problem(configured)).toMatchObject({ what: 'has no salt' });
  const connection = { timeout: 5, caFile: undefined, env: {}, stdout: process.stdout };
  expect(declared.open('one', configured, connection)).toBe(sink);
  expect(given).toEqual(['one', '-', 4, null, ['audit_events'], 'auditlake', 5]);
});

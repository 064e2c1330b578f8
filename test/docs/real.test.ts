/** The list of real neighbours is whole: what it names is there, and is what the guide says. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const ROOT = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8');

type Tool = { name: string; env: Record<string, string>; tests: [file: string, part?: string][] };
const { TOOLS: tools } = (await import(new URL('scripts/real/tools.mjs', ROOT).href)) as {
  TOOLS: Tool[];
};

test('every test that a tool is for is there, and asks for its variables', () => {
  for (const { name, env, tests } of tools) {
    expect(tests.length, name).toBeGreaterThan(0);
    for (const [file, part = ''] of tests) {
      expect(existsSync(new URL(file, ROOT)), file).toBe(true);
      const text = read(file);
      expect(text).toContain(part);
      const asked = Object.keys(env).filter((variable) => text.includes(variable));
      expect(asked, `${file} for ${name}`).not.toEqual([]);
    }
  }
});

test('every test below test/real has a tool', () => {
  const tried = new Set(tools.flatMap(({ tests }) => tests.map(([file]) => file)));
  const files = readdirSync(new URL('test/real', ROOT)).filter((file) => file.endsWith('.test.ts'));
  expect(files.filter((file) => !tried.has(`test/real/${file}`))).toEqual([]);
});

test('the guide names every tool', () => {
  const guide =
    read('docs/development.md').split('### Real neighbours')[1]?.split('\n## ')[0] ?? '';
  const missing = tools.filter(({ name }) =>
    name.split(/,? (?=\d)|, /).some((word) => !guide.includes(word)),
  );
  expect(missing.map(({ name }) => name)).toEqual([]);
});

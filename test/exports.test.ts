/** What a file exports, another file uses. An export that nobody imports is a promise to nobody, and hides dead code. */
import { expect, test } from 'vitest';
import { filesBelow, importsOfSource, textOf } from './source-tree.ts';

const EXPORT = /^export (?:async )?(?:function\*?|const|class|type) ([A-Za-z_$][\w$]*)/gm;

test('what a file exports, another one names', () => {
  const code = filesBelow('src', 'test', 'bench', 'scripts').filter((file) =>
    /\.m?[jt]s$/.test(file),
  );
  const users = new Map<string, number>();
  for (const file of code) {
    for (const name of new Set(textOf(file).match(/[A-Za-z_$][\w$]*/g))) {
      users.set(name, (users.get(name) ?? 0) + 1);
    }
  }
  const unused = [...importsOfSource().keys()]
    .filter((file) => !isOffered(file))
    .flatMap((file) =>
      [...textOf(`src/${file}`).matchAll(EXPORT)]
        .filter(([, name = '']) => users.get(name) === 1)
        .map(([, name = '']) => `${file}: ${name}`),
    );
  expect(unused).toEqual([]);
});

/** What the package offers to programs, and to vendors and sinks of their own, need not be used here. */
function isOffered(file: string): boolean {
  return (
    /^(extract|http|settings|sandbox|platform)\//.test(file) ||
    /^sinks\/[^/]+$/.test(file) ||
    /^(index|model|errors)\.ts$/.test(file)
  );
}

import { expect, test } from 'vitest';
import { statementsIn } from '../../src/load/query/statements.ts';

test.each([
  ['one', 'select 1;', ['select 1'], ''],
  ['two on a line', 'select 1; from t ;', ['select 1', 'from t'], ''],
  ['one that goes on', 'select 1,\n', [], 'select 1,\n'],
  ['one and the beginning of another', 'select 1; select', ['select 1'], ' select'],
  ['a semicolon in a string', "select ';' as a", [], "select ';' as a"],
  ['a quote in a string', "select 'it''s; ';", ["select 'it''s; '"], ''],
  ['an escaping string', "select e'\\'; ';", ["select e'\\'; '"], ''],
  ['in a quoted name', 'select 1 as ";";', ['select 1 as ";"'], ''],
  ['between dollars', 'select $a$;$b$;$a$;', ['select $a$;$b$;$a$'], ''],
  ['a parameter', 'select $since;', ['select $since'], ''],
  ['in a comment', 'select 1 -- ;\n;', ['select 1 -- ;'], ''],
  ['in a comment in a comment', 'select /* /* ; */ ; */ 1;', ['select /* /* ; */ ; */ 1'], ''],
  ['a string that has not ended', "select 'a;\nb;", [], "select 'a;\nb;"],
  ['nothing but semicolons', ' ; ;; ', [], ''],
  ['nothing but a comment', '-- later\n', [], ''],
])('statements of a text: %s', (_what, text, whole, rest) => {
  expect(statementsIn(text)).toEqual({ whole, rest });
});

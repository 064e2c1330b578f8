/** SQL by dialogue. The terminal is a stream here. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runShell } from '../../src/commands/shell/shell.ts';
import { openOutput } from '../../src/platform/output.ts';
import { type AtEnd, type Home, homeFor, sandboxFor } from '../harness.ts';

let home: Home;
const ends: (() => Promise<unknown>)[] = [];
const atEnd: AtEnd = (work) => void ends.unshift(work);

beforeAll(async () => {
  const sandbox = await sandboxFor({ events: 40, days: 2 }, atEnd);
  home = await homeFor(sandbox, ['tabnine'], { atEnd });
  await home.sync();
});

afterAll(async () => {
  for (const end of ends) await end();
});

/** What a shell shows to whoever types this. */
async function typed(
  keys: string,
  args: readonly string[] = [],
): Promise<{ screen: string; remarks: string; code: number | null }> {
  const stdin = Object.assign(new PassThrough(), { isTTY: true });
  stdin.end(keys);
  const env = { XDG_STATE_HOME: join(home.folder, 'state') };
  const ran = await home.run(['query', ...args], env, { stdin, terminal: 80 });
  return { screen: ran.stdout, remarks: ran.stderr, code: ran.code };
}

/** Somebody who waits for what the screen shows before typing on. */
function atTerminal(): {
  type: (keys: string) => void;
  shows: (text: string) => Promise<void>;
  done: Promise<unknown>;
} {
  const terminal = { isTTY: true, columns: 80 };
  const stdin = Object.assign(new PassThrough(), terminal);
  const stdout = Object.assign(new PassThrough({ encoding: 'utf8' }), terminal);
  const shown = stdout[Symbol.asyncIterator]();
  const invocation = { ...home.context(), stdin, stdout, stderr: stdout };
  const output = openOutput({ ...invocation, secrets: [], logLevel: 'info', quiet: false });
  const context = { ...invocation, output };
  let unread = '';
  return {
    type: (keys) => void stdin.write(keys),
    async shows(text) {
      while (!unread.includes(text)) unread += String((await shown.next()).value);
      unread = unread.slice(unread.indexOf(text) + text.length);
    },
    done: runShell(context, { mode: 'table' }),
  };
}

test('a statement ends with a semicolon, over as many lines as it takes; its rows are counted', async () => {
  const { screen, remarks, code } = await typed(
    'select count(*)::integer\n as events\nfrom audit_events;\n.quit\n',
  );
  expect(code).toBe(0);
  expect(screen).toMatch(/events\s+40/);
  expect(remarks).toMatch(/1 row in \d+\.\d\d s/);
});

test('a mistake ends the statement and not the shell', async () => {
  const { screen, remarks, code } = await typed(
    'select nothing from audit_events;\n.tabels\nselect 41 + 1 as answer;\n',
  );
  expect(code).toBe(0);
  expect(remarks).toContain('Referenced column "nothing" not found');
  expect(remarks).toContain('there is no .tabels');
  expect(screen).toContain('42');
});

test('nothing can be written from it', async () => {
  const { remarks } = await typed("copy audit_events to '/tmp/away.csv';\ndrop view users;\n");
  expect(remarks.match(/what to do:/g)).toHaveLength(2);
});

test('tables and columns are listed with what they hold, and rows shown in the form that is asked for', async () => {
  const { screen, remarks } = await typed(
    '.tables grants\n.describe audit_events\n.describe nothing\n.mode csv\nselect 1 as a, 2 as b;\n.help\n',
  );
  expect(screen).toContain('access_grants');
  expect(screen).toMatch(/event_uid\s+VARCHAR/);
  expect(remarks).toContain('there is no table nothing');
  expect(screen).toContain('a,b\n1,2\n');
  expect(screen).toContain('.describe TABLE');
});

test('the tab key completes tables, columns and commands, behind letters of more than a byte too', async () => {
  const { type, shows, done } = atTerminal();
  await shows('auditlake> ');
  type("select 'é' as e, count(*)::integer as n from audit_ev");
  type('\t');
  await shows('from audit_events');
  type(';\n');
  await shows('1 row in');
  type('.desc');
  type('\t');
  await shows('.describe');
  type(' peop');
  type('\t');
  await shows(' people');
  type('\n');
  await shows('person_id');
  type('.ask admin-g');
  type('\t');
  await shows('.ask admin-granted');
  type('\n');
  await shows(' in ');
  type('\u0004');
  await done;
});

test('a question is answered from it', async () => {
  const { screen, remarks, code } = await typed(
    '.ask\n.ask admin-granted --since 30d\n.ask nothing\n.ask events "no such word" --since=\'9d\'\n',
  );
  expect(code).toBe(0);
  expect(screen).toContain('admin-granted');
  expect(remarks).toMatch(/\d rows? in/);
  expect(remarks).toContain('what to do');
  expect(remarks).toContain('no event has the action no such word');
});

test('Ctrl-C gives up what was begun', async () => {
  const { type, shows, done } = atTerminal();
  await shows('auditlake> ');
  type('select nonsense\n');
  await shows('...> ');
  type('from nowhere');
  type('\u0003');
  await shows('auditlake> ');
  type('select 7 * 6 as n;\n');
  await shows('42');
  type('\u0004');
  await done;
});

test('what was typed is there the next time, for the user alone', async () => {
  await typed('select 1 as first;\n');
  await typed('select 2 as second;\n');
  const file = join(home.folder, 'state/auditlake/history');
  const lines = (await readFile(file, 'utf8')).split('\n');
  expect(lines.indexOf('select 1 as first;')).toBeLessThan(lines.indexOf('select 2 as second;'));
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

test('a published generation is read when asked for; values of parameters hold in all statements', async () => {
  const { screen, code } = await typed(
    'select $who as who;\n.reload\nselect $who || 2 as again;\n',
    ['--param', 'who=maya'],
  );
  expect(code).toBe(0);
  expect(screen).toContain('maya2');
});

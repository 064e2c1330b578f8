/** SQL by dialogue: a statement or a command is typed, its answer shown, and so on. */
import { createInterface, type Interface } from 'node:readline/promises';
import { EXIT, type ExitCode } from '../../errors.ts';
import type { Answer, QueryOptions } from '../../load/query/query.ts';
import { statementsIn } from '../../load/query/statements.ts';
import type { Context } from '../../runs/context.ts';
import { leftOut, listQuestions, readQuestion } from '../../runs/questions.ts';
import { openWarehouse } from '../../runs/query.ts';
import { questionScreen } from '../ask.ts';
import { errorScreen } from '../explain.ts';
import { printRows } from '../query-screen.ts';
import { completerOf } from './completer.ts';
import { runDotCommand } from './dot-commands.ts';
import { HISTORY_LINES, readHistory, writeHistory } from './history.ts';

import { pagedOutput } from './pager.ts';
import type { Mode, Shell } from './port.ts';

const PROMPT = 'auditlake> ';
const CONTINUED = '      ...> ';

/** Reads statements and commands from a terminal until its reader leaves. */
export async function runShell(
  context: Context,
  how: { mode: Mode } & QueryOptions,
): Promise<ExitCode> {
  const { output, stdin, stdout, signal } = context;
  const { parameters: given = {}, zone = null } = how;
  let session = await openWarehouse(context);
  let begun = '';
  let isAtWork = false;
  let hasLeft = false;
  let history = await readHistory(context);
  const lines = createInterface({
    input: stdin,
    output: stdout,
    terminal: true,
    prompt: PROMPT,
    history,
    historySize: HISTORY_LINES,
    removeHistoryDuplicates: true,
    completer: completerOf(
      () => session,
      () => begun,
    ),
    signal,
  });
  lines.on('history', (newestFirst) => (history = newestFirst));
  lines.on('SIGINT', () => {
    if (isAtWork) return session.interrupt();
    begun = '';
    giveUpLine(lines);
    lines.setPrompt(PROMPT);
    lines.prompt();
  });
  const shell: Shell = {
    mode: how.mode,
    paged: true,
    async ask(sql, parameters = given) {
      const startedAt = performance.now();
      const begunAnswer = await session.run(sql, { parameters, zone });
      const rows = { count: 0, ms: performance.now() - startedAt };
      const answer = counted(begunAnswer, rows);
      // Only a real terminal has a keyboard that a pager can take.
      const paged =
        shell.paged && 'fd' in stdout ? pagedOutput(context, () => lines.pause()) : null;
      await printRows(
        paged === null ? context : { ...context, output: paged.output },
        answer,
        shell.mode,
      );
      await paged?.end();
      const seconds = (rows.ms / 1000).toFixed(2);
      output.say(`${rows.count} ${rows.count === 1 ? 'row' : 'rows'} in ${seconds} s`);
      return rows.count;
    },
    async question([name, ...values]) {
      if (name === undefined) return output.line(questionScreen(listQuestions(context)));
      const { question, parameters } = readQuestion(context, name, values);
      await shell.ask(question.sql, parameters);
      for (const remark of await leftOut(context, question, session)) output.say(remark);
    },
    async reload() {
      const former = session;
      session = await openWarehouse(context);
      await former.close();
    },
    say: (text) => output.line(text),
    leave() {
      hasLeft = true;
      lines.close();
    },
  };
  output.say(`${context.config.home}: .tables lists the tables, .help what else can be typed`);
  try {
    lines.prompt();
    for await (const line of lines) {
      isAtWork = true;
      if (begun === '' && isCommand(line)) {
        await attempt(output.say, () => runDotCommand(shell, commandOf(line)));
      } else {
        const { whole, rest } = statementsIn(`${begun}${line}\n`);
        begun = rest;
        for (const sql of whole) await attempt(output.say, () => shell.ask(sql));
      }
      isAtWork = false;
      lines.setPrompt(begun === '' ? PROMPT : CONTINUED);
      lines.prompt();
    }
    // Ctrl-D leaves the cursor behind the prompt.
    if (!hasLeft) output.line('');
  } finally {
    lines.close();
    await session.close();
    await writeHistory(context, history);
  }
  return EXIT.complete;
}

/** What people type to leave, whatever shell they know. */
const LEAVING = /^\s*(?:\.?(?:exit|quit|q)|\\q)\s*;?\s*$/i;

function isCommand(line: string): boolean {
  return line.trimStart().startsWith('.') || LEAVING.test(line);
}

function commandOf(line: string): string {
  return LEAVING.test(line) ? '.quit' : line;
}

/** An error ends a statement, not the shell. */
async function attempt(say: (text: string) => void, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const text = errorScreen(error);
    say(text.includes('INTERRUPT Error') ? 'stopped' : text);
  }
}

function giveUpLine(lines: Interface): void {
  lines.write(null, { ctrl: true, name: 'e' });
  lines.write(null, { ctrl: true, name: 'u' });
}

/** Takes the time that DuckDB needs, and not that which somebody spends in the pager. */
function counted(answer: Answer, rows: { count: number; ms: number }): Answer {
  const { columns, chunks } = answer;
  async function* counting(): Answer['chunks'] {
    let askedAt = performance.now();
    for await (const chunk of chunks) {
      rows.ms += performance.now() - askedAt;
      rows.count += chunk.length;
      yield chunk;
      askedAt = performance.now();
    }
    rows.ms += performance.now() - askedAt;
  }
  return { columns, chunks: counting() };
}

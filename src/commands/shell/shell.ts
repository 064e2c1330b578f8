/** SQL by dialogue: a statement or a command is typed, its answer shown, and so on. */
import { createInterface, type Interface } from 'node:readline/promises';
import { EXIT, type ExitCode } from '../../errors.ts';
import type { QueryOptions } from '../../load/query/query.ts';
import { statementsIn } from '../../load/query/statements.ts';
import type { Context } from '../../runs/context.ts';
import { errorScreen } from '../explain.ts';
import { type Answers, openAnswers } from './answers.ts';
import { completerOf } from './completer.ts';
import { runDotCommand } from './dot-commands.ts';
import { HISTORY_LINES, readHistory, writeHistory } from './history.ts';
import type { Mode } from './port.ts';

const PROMPT = 'auditlake> ';
const CONTINUED = '      ...> ';

/** What was typed of a statement that has no semicolon yet, and whether one is being answered. */
type State = { begun: string; isAtWork: boolean };

/** Reads statements and commands from a terminal until its reader leaves. */
export async function runShell(
  context: Context,
  how: { mode: Mode } & QueryOptions,
): Promise<ExitCode> {
  const { output, stdin, stdout, signal } = context;
  const state: State = { begun: '', isAtWork: false };
  let history = await readHistory(context);
  const shell = await openAnswers(context, how, () => lines);
  const lines = createInterface({
    input: stdin,
    output: stdout,
    terminal: true,
    prompt: PROMPT,
    history,
    historySize: HISTORY_LINES,
    removeHistoryDuplicates: true,
    completer: completerOf(shell, () => state.begun),
    signal,
  });
  lines.on('history', (newestFirst) => (history = newestFirst));
  lines.on('SIGINT', () => {
    if (state.isAtWork) shell.session().interrupt();
    else giveUp(lines, state);
  });
  output.say(`${context.config.home}: .tables lists the tables, .help what else can be typed`);
  try {
    lines.prompt();
    for await (const line of lines) {
      state.isAtWork = true;
      await take(line, shell, state, (text) => output.say(text));
      state.isAtWork = false;
      lines.setPrompt(state.begun === '' ? PROMPT : CONTINUED);
      lines.prompt();
    }
    // Ctrl-D leaves the cursor behind the prompt.
    if (!shell.hasLeft) output.line('');
  } finally {
    lines.close();
    await shell.close();
    await writeHistory(context, history);
  }
  return EXIT.complete;
}

async function take(
  line: string,
  shell: Answers,
  state: State,
  say: (text: string) => void,
): Promise<void> {
  if (state.begun === '' && isCommand(line)) {
    return await attempt(say, () => runDotCommand(shell, LEAVING.test(line) ? '.quit' : line));
  }
  const { whole, rest } = statementsIn(`${state.begun}${line}\n`);
  state.begun = rest;
  for (const sql of whole) await attempt(say, () => shell.ask(sql));
}

/** What people type to leave, whatever shell they know. */
const LEAVING = /^\s*(?:\.?(?:exit|quit|q)|\\q)\s*;?\s*$/i;

function isCommand(line: string): boolean {
  return line.trimStart().startsWith('.') || LEAVING.test(line);
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

function giveUp(lines: Interface, state: State): void {
  state.begun = '';
  lines.write(null, { ctrl: true, name: 'e' });
  lines.write(null, { ctrl: true, name: 'u' });
  lines.setPrompt(PROMPT);
  lines.prompt();
}

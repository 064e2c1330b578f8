import type { Parameters } from '../../load/query/bound.ts';
import type { Answer, QueryOptions, QuerySession } from '../../load/query/query.ts';
import { counted } from '../../platform/counted.ts';
import type { Context } from '../../runs/context.ts';
import { byAddress } from '../../runs/empty-answer.ts';
import { openWarehouse } from '../../runs/query.ts';
import { listQuestions, readQuestion, remarksOn } from '../../runs/questions.ts';
import { questionScreen } from '../ask.ts';
import { printRows } from '../query-screen.ts';
import { pagedOutput } from './pager.ts';
import type { Mode, Shell } from './port.ts';

/** The keyboard, which a pager takes for a while and which somebody leaves. */
type Keyboard = { pause(): void; close(): void };

/** A shell on the published generation. */
export type Answers = Shell & {
  /** The one that is asked now. */
  session(): QuerySession;
  /** Whether it was left by a command. */
  readonly hasLeft: boolean;
  close(): Promise<void>;
};

export async function openAnswers(
  context: Context,
  how: { mode: Mode } & QueryOptions,
  keyboard: () => Keyboard,
): Promise<Answers> {
  const { output } = context;
  const { parameters: ofSession = {}, zone = null } = how;
  let session = await openWarehouse(context);
  let hasLeft = false;
  const shell: Answers = {
    mode: how.mode,
    paged: true,
    session: () => session,
    get hasLeft() {
      return hasLeft;
    },
    async ask(sql, parameters: Parameters = ofSession) {
      const startedAt = performance.now();
      const answer = await session.run(sql, { parameters, zone });
      const rows = { count: 0, ms: performance.now() - startedAt };
      await show(context, withCount(answer, rows), shell, keyboard());
      const seconds = (rows.ms / 1000).toFixed(2);
      output.say(`${counted(rows.count, 'row')} in ${seconds} s`);
      return rows.count;
    },
    async question([name, ...values]) {
      if (name === undefined) return output.line(questionScreen(listQuestions(context)));
      const { question, parameters: given } = readQuestion(context, name, values);
      const { parameters, says } = await byAddress({ question, parameters: given }, session);
      for (const text of says) output.say(text);
      const rows = await shell.ask(question.sql, parameters);
      const asked = { question, parameters };
      for (const remark of await remarksOn(context, asked, session, rows === 0)) output.say(remark);
    },
    questions: () => listQuestions(context).questions.map(({ name }) => name),
    async reload() {
      const former = session;
      session = await openWarehouse(context);
      await former.close();
    },
    say: (text) => output.line(text),
    leave() {
      hasLeft = true;
      keyboard().close();
    },
    close: () => session.close(),
  };
  return shell;
}

/** Only a real terminal has a keyboard that a pager can take. */
async function show(
  context: Context,
  answer: Answer,
  { mode, paged }: Shell,
  keyboard: Keyboard,
): Promise<void> {
  if (!paged || !('fd' in context.stdout)) {
    await printRows(context, answer, mode);
    return;
  }
  const pages = pagedOutput(context, () => keyboard.pause());
  await printRows({ ...context, output: pages.output }, answer, mode);
  await pages.end();
}

/** Takes the time that DuckDB needs, and not that which somebody spends in the pager. */
function withCount(answer: Answer, rows: { count: number; ms: number }): Answer {
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

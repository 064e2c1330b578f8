import type { AskDocument } from '../documents/ask.ts';
import { EXIT } from '../errors.ts';
import { type AnswerOptions, answerWith, withAnswerOptions } from './answer.ts';
import { print } from './print.ts';
import { table } from './table.ts';
import { NO_SECRETS, type Verb } from './verb.ts';

export const ask: Verb<AnswerOptions> = {
  usage: 'ask [question] [values...]',
  summary: 'answer a question, such as who was made an administrator; without one, list them',
  examples: () => ['auditlake ask admin-granted --since 7d', 'auditlake ask person ann@acme.test'],
  // What else a question takes is known once its file is read.
  options: (command) => withAnswerOptions(command.allowUnknownOption()),
  async run({ args, options, open }) {
    const context = open(NO_SECRETS);
    const { listQuestions, readQuestion, remarksOn } = await import('../runs/questions.ts');
    const { byAddress } = await import('../runs/empty-answer.ts');
    const [name, ...given] = args;
    if (name === undefined) {
      return print(
        context,
        { document: listQuestions(context), exit: EXIT.complete },
        questionScreen,
      );
    }
    return await answerWith(context, options, async () => {
      const { question, parameters } = readQuestion(context, name, given);
      return {
        sql: question.sql,
        parameters,
        settle: (session) => byAddress({ question, parameters }, session),
        remarks: (session, isEmpty) =>
          remarksOn(context, { question, parameters }, session, isEmpty),
      };
    });
  },
};

export function questionScreen({ questions, faulty }: AskDocument): string {
  const rows = questions.map(({ name, parameters, title }) => {
    const needed = parameters.filter(({ required }) => required);
    const optional = parameters.filter(({ required }) => !required);
    const takes = [
      ...needed.map((each) => each.name.toUpperCase()),
      ...optional.map((each) => `[${flagOf(each.name)}]`),
    ];
    return [name, takes.join(' '), title];
  });
  return [
    table(['question', 'takes', 'answers'], rows),
    ...faulty.map(({ file, faults }) => `\n${file} holds no question: ${faults.join('; ')}`),
  ].join('\n');
}

function flagOf(name: string): string {
  return `--${name.replaceAll('_', '-')}`;
}

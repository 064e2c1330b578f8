import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { InvalidArgumentError } from 'commander';
import { messageOf, usageError } from '../errors.ts';
import type { Context } from '../runs/context.ts';
import { type AnswerOptions, answerWith, formatOf, withAnswerOptions } from './answer.ts';
import { isTerminal, isTyped } from './terminal.ts';
import { NO_SECRETS, type Verb } from './verb.ts';

type QueryOptions = AnswerOptions & { file?: string; param?: Record<string, string> };

export const query: Verb<QueryOptions> = {
  usage: 'query [sql]',
  summary:
    'read-only SQL over the warehouse; without SQL a shell on a terminal, else from standard input',
  examples: () => [
    'auditlake query "select action, count(*) n from audit_events group by 1 order by 2 desc"',
    'auditlake query "select * from users" --to users.parquet',
  ],
  options: (command) =>
    withAnswerOptions(
      command
        .option('--file <file>', 'read the SQL from a file; - for standard input')
        .option('--param <name=value>', 'value of $name in the SQL; may be repeated', parameter),
    ),
  async run({ args, options, open }) {
    const context = open(NO_SECRETS);
    const { file, param: parameters = {} } = options;
    if (
      args[0] === undefined &&
      file === undefined &&
      options.to === undefined &&
      isTyped(context)
    ) {
      const { runShell } = await import('./shell/shell.ts');
      return await runShell(context, {
        mode: formatOf(context, options),
        zone: options.timezone ?? null,
        parameters,
      });
    }
    return await answerWith(context, options, async () => ({
      sql: await sqlOf(context, args[0], file),
      parameters,
    }));
  },
};

function parameter(given: string, former: Record<string, string> = {}): Record<string, string> {
  const [, name = '', value = ''] = /^\$?(\w+)=([\s\S]*)$/.exec(given) ?? [];
  if (name === '') throw new InvalidArgumentError('It must be NAME=VALUE.');
  return { ...former, [name]: value };
}

async function sqlOf(
  { stdin, cwd }: Context,
  sql: string | undefined,
  file: string | undefined,
): Promise<string> {
  if (sql !== undefined && file !== undefined) {
    throw usageError('the SQL is given twice: as a text and by --file', 'give one of them');
  }
  if (sql !== undefined) return sql;
  if (file !== undefined && file !== '-') {
    return await readFile(resolve(cwd, file), 'utf8').catch((error: unknown) => {
      throw usageError(`--file ${file} cannot be read: ${messageOf(error)}`, 'name an SQL file');
    });
  }
  if (isTerminal(stdin) && file === undefined) {
    throw usageError('there is no SQL', 'give it as a text, by --file, or on standard input');
  }
  return await text(stdin);
}

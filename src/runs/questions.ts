/** Questions as a command meets them: out of the files, about the sources that the home has. */
import type { AskDocument } from '../documents/ask.ts';
import { usageError } from '../errors.ts';
import type { Bound } from '../load/query/bound.ts';
import { cellText } from '../load/query/lines.ts';
import type { QuerySession } from '../load/query/query.ts';
import { rowsIn } from '../load/query/rows.ts';
import { OWN_SOURCE } from '../model.ts';
import { notAnswered, questionNamed, valuesOf } from '../questions/ask.ts';
import { findQuestions } from '../questions/files.ts';
import type { Question } from '../questions/head.ts';
import { needsCountries } from '../questions/needs.ts';
import { isRequired } from '../questions/parameters.ts';
import type { Context } from './context.ts';
import { type Asked, whyEmpty } from './empty-answer.ts';
import { NO_COUNTRY_FILE } from './countries.ts';
import { iso, minuteText } from '../platform/time.ts';
import { transformFor } from './transform.ts';

/** Every question, and for which vendors it is none. */
export function listQuestions(context: Context): AskDocument {
  const { found, faulty } = findQuestions(context.config.questions);
  const declared = transformFor(context);
  const vendors = context.registry.vendors.map(({ type }) => ({ source: type, vendor: type }));
  return {
    version: 1,
    questions: found.map(({ name, title, answers, isOwn, columns, parameters, needs }) => ({
      name,
      title,
      answers,
      own: isOwn,
      parameters: Object.entries(parameters).map(([parameter, about]) => ({
        name: parameter,
        type: about.type,
        required: isRequired(about),
        default: about.default ?? null,
        says: about.says,
      })),
      columns,
      not_answered: notAnswered({ needs }, vendors, declared),
    })),
    faulty: faulty.map(({ file, faults }) => ({ file, faults })),
  };
}

/** @throws AuditlakeError `usage` if there is no such question, or it takes other values */
export function readQuestion(
  { config, now }: Context,
  name: string,
  given: readonly string[],
): { question: Question; parameters: Record<string, Bound | null> } {
  const { found, faulty } = findQuestions(config.questions);
  const broken = faulty.find((each) => each.name === name);
  if (broken !== undefined && !found.some((each) => each.name === name)) {
    throw usageError(
      `${broken.file} holds no question: ${broken.faults.join('; ')}`,
      'correct the file; `auditlake check` looks at all of them',
    );
  }
  const question = questionNamed(name, found);
  return { question, parameters: valuesOf(question, given, now()) };
}

/** What a person has to know of an answer: of which sources it is none, and what it means that there is no row. */
export async function remarksOn(
  context: Context,
  asked: Asked & { question: Question },
  session: QuerySession,
  isEmpty: boolean,
): Promise<string[]> {
  const left = [
    ...(await leftOut(context, asked.question, session)),
    ...(await notReadYet(context, asked, session)),
  ];
  return isEmpty ? [...left, ...(await whyEmpty(asked, session))] : left;
}

/** Which of the home's sources an answer leaves out, and why. */
async function leftOut(
  context: Context,
  question: Question,
  session: QuerySession,
): Promise<string[]> {
  if (needsCountries(question) && !(await hasCountries(context, session))) {
    return [`Not answered: ${NO_COUNTRY_FILE}`];
  }
  const sources: { source: string; vendor: string }[] = [];
  const answer = await session.run(SOURCES, { parameters: { own: OWN_SOURCE } });
  for await (const [source, vendor] of rowsIn(answer, context.signal)) {
    sources.push({ source: cellText(source ?? null), vendor: cellText(vendor ?? null) });
  }
  return notAnswered(question, sources, transformFor(context)).map(
    (one) => `Not answered for ${one}`,
  );
}

/** Of which sources nobody can say who held what at an instant: nothing had been read of them by then. */
async function notReadYet(
  { signal }: Context,
  { question, parameters: { at } }: Asked & { question: Question },
  session: QuerySession,
): Promise<string[]> {
  const isOfAccess = question.needs.some((need) => /\btarget:(grant|membership)\b/.test(need));
  if (!isOfAccess || at?.type !== 'instant') return [];
  const sourcesByTime = new Map<string, string[]>();
  const answer = await session.run(FIRST_READINGS, {
    parameters: { own: OWN_SOURCE, at: iso(at.value) },
  });
  for await (const [source, first] of rowsIn(answer, signal)) {
    const time = minuteText(cellText(first ?? null));
    sourcesByTime.set(time, [...(sourcesByTime.get(time) ?? []), cellText(source ?? null)]);
  }
  return Array.from(
    sourcesByTime,
    ([time, sources]) =>
      `Known in part at most for ${sources.join(', ')}: after that instant, at ${time}, lists were first read`,
  );
}

async function hasCountries({ signal }: Context, session: QuerySession): Promise<boolean> {
  for await (const _ of rowsIn(await session.run('from internal.country_file'), signal))
    return true;
  return false;
}

const FIRST_READINGS = `
  select source, min("at") as first from main.ledger
  where kind = 'batch' and stream_kind = 'snapshot' and vendor <> $own
  group by source having min("at") > $at::timestamptz
  order by source`;

const SOURCES = `
  select distinct source, vendor from main.ledger where source is not null and vendor <> $own order by all`;

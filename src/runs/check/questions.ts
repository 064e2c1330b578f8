import type { Finding } from '../../documents/check.ts';
import { EXIT } from '../../errors.ts';
import { type Found, findDetections, findQuestions } from '../../questions/files.ts';
import type { Question } from '../../questions/head.ts';
import { lint } from '../../questions/lint.ts';
import type { Context } from '../context.ts';
import { endOf } from '../outcome.ts';
import { fine, problem } from './finding.ts';
import { counted } from '../../platform/counted.ts';

/**
 * Whether every question and detection can be asked. Of ours the heads are read: their SQL is prepared where they are tested, and to do
 * it for all of them takes seconds.
 */
export async function checkQuestions({ config }: Context): Promise<Finding[]> {
  const findings: Finding[] = [];
  const read = <Kind extends Question>(find: () => Found<Kind>): Found<Question>['found'] => {
    try {
      const { found, faulty } = find();
      findings.push(...faulty.map(({ file, faults }) => broken(file, faults)));
      return found;
    } catch (failure) {
      const { error, exit } = endOf(failure);
      findings.push(problem('questions', error?.message ?? '', error?.hint ?? '', exit));
      return [];
    }
  };
  const questions = read(() => findQuestions(config.questions));
  const detections = read(() => findDetections(config.detections));
  const all = [...questions, ...detections];
  const own = all.filter(({ isOwn }) => isOwn);
  const faults = await lint(own);
  findings.push(
    ...own.flatMap(({ file }, i) => {
      const wrong = faults[i] ?? [];
      return wrong.length === 0 ? [] : [broken(file, wrong)];
    }),
  );
  if (findings.length > 0) return findings;
  const detail = `${counted(questions.length, 'question')} to ask, ${counted(detections.length, 'detection')} to judge by`;
  return [fine('questions', detail)];
}

function broken(file: string, faults: readonly string[]): Finding {
  return problem(file, faults.join('; '), 'correct its head or its SQL', EXIT.usage);
}

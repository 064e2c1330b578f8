import { tmpdir } from 'node:os';
import type { Finding } from '../../documents/check.ts';
import { EXIT } from '../../errors.ts';
import { type Found, findDetections, findQuestions } from '../../questions/files.ts';
import type { Question } from '../../questions/head.ts';
import { lint } from '../../questions/lint.ts';
import type { Context } from '../context.ts';
import { endOf } from '../outcome.ts';
import { fine, problem } from './finding.ts';

/** Whether every question and detection, ours and the user's, can be asked. */
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
  const faults = await lint(all, tmpdir());
  findings.push(
    ...all.flatMap(({ file }, i) => {
      const own = faults[i] ?? [];
      return own.length === 0 ? [] : [broken(file, own)];
    }),
  );
  if (findings.length > 0) return findings;
  const detail = `${questions.length} questions and ${detections.length} detections can be asked`;
  return [fine('questions', detail)];
}

function broken(file: string, faults: readonly string[]): Finding {
  return problem(file, faults.join('; '), 'correct its head or its SQL', EXIT.usage);
}

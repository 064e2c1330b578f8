import type { Diagnosis } from '../documents/common.ts';
import { EXIT, type ExitCode } from '../errors.ts';
import type { Instruments } from './instruments.ts';

/** What an exit code asks for, in a word. */
const VERDICTS: Readonly<Record<Exclude<ExitCode, 0>, string>> = {
  [EXIT.failed]: 'failed',
  [EXIT.usage]: 'configuration',
  [EXIT.incomplete]: 'incomplete',
  [EXIT.person]: 'person',
  [EXIT.integrity]: 'integrity',
  [EXIT.locked]: 'locked',
};

/** Of these only a run knows: `status` sees what sources and sinks were like. */
const DERIVED = ['warehouse', 'lake'];
const OWN = [...DERIVED, 'run'];

type AttentionMetrics = {
  /** Sources and sinks by name: each is reported as fine until something is known about it. */
  expected(subjects: readonly string[]): void;
  /** What a run found, in place of all that was known. */
  run(diagnosis: Diagnosis): void;
  /** How sources and sinks ended last, whoever started it. */
  status(diagnosis: Diagnosis): void;
};

/** The causes that screens, log and health name, as figures. What each says is in the verdict of the log. */
export function attentionMetrics({ gauge }: Instruments): AttentionMetrics {
  const attention = gauge('attention', '1 for what is wrong with a source, a sink or our own.', [
    'subject',
    'verdict',
  ]);
  const known = new Set(OWN);
  const wrong = new Map<string, Set<string>>();

  const tell = ({ causes }: Diagnosis, isReplaced: (subject: string) => boolean): void => {
    for (const subject of [...wrong.keys()].filter(isReplaced)) wrong.delete(subject);
    for (const { subject, exit } of causes) {
      if (exit === EXIT.complete) continue;
      known.add(subject);
      wrong.set(subject, (wrong.get(subject) ?? new Set()).add(VERDICTS[exit]));
    }
    show();
  };
  const show = (): void => {
    for (const subject of known) {
      for (const verdict of Object.values(VERDICTS)) {
        attention.set({ subject, verdict }, Number(wrong.get(subject)?.has(verdict) ?? false));
      }
    }
  };
  return {
    expected(subjects) {
      for (const subject of subjects) known.add(subject);
      show();
    },
    run(diagnosis) {
      tell(diagnosis, () => true);
    },
    status(diagnosis) {
      tell(diagnosis, (subject) => !DERIVED.includes(subject));
    },
  };
}

import { type Answer, json } from '../../../sandbox/answer.ts';

/** GitHub's error body. */
export function refusal(
  status: number,
  message: string,
  headers: Record<string, string> = {},
): Answer {
  const documentation_url = 'https://docs.github.com/rest';
  return { ...json(status, { message, documentation_url, status: String(status) }), headers };
}

export const notFound = (): Answer => refusal(404, 'Not Found');

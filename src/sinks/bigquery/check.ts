import type { Connected } from './dataset.ts';
import type { Settings } from './options.ts';

/** That the dataset could be looked up shows that project, dataset, location and credentials are right. */
export function check(
  { project, dataset }: Pick<Settings, 'project' | 'dataset'>,
  { jobs }: Connected,
): string {
  return `dataset ${project}.${dataset} in ${jobs.location}`;
}

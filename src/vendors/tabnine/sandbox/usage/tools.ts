import { hash, pick } from '../../../../sandbox/random.ts';
import { userSeed } from './figures.ts';

const IDES = ['VSCode', 'IntelliJ IDEA', 'PyCharm', 'Visual Studio', 'Neovim'];
const LANGUAGES = ['typescript', 'python', 'java', 'go', 'csharp', 'rust', 'kotlin'];

/** What a user works with, as the lists that v2 has for single users only. */
export function toolsOf(seed: number, userId = ''): { ides: string; languages: string } {
  const user = userSeed(seed, userId);
  return { ides: some(IDES, hash(user, 1), 2), languages: some(LANGUAGES, hash(user, 2), 3) };
}

function some(words: readonly string[], draw: number, most: number): string {
  const count = 1 + (draw % most);
  return Array.from({ length: count }, (_, step) => pick(words, (draw >>> 8) + step)).join(',');
}

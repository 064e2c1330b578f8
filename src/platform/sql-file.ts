import { readFileSync } from 'node:fs';

/** Reads SQL files next to a module, by their names without the ending. @param module its `import.meta.url` */
export function sqlNextTo(module: string): (name: string) => string {
  return (name) => readFileSync(new URL(`${name}.sql`, module), 'utf8');
}

import { existsSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

function findRoot(): string {
  let dir = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(dir, 'package.json'))) {
    const parent = dirname(dir);
    if (parent === dir) throw new Error('package.json not found above the program');
    dir = parent;
  }
  return dir;
}

/** Absolute path of the folder that holds package.json. */
export const projectRoot = findRoot();

/**
 * Absolute path of a compiled module that is to run as its own process or thread.
 * Under jest the caller is a .ts source, which node cannot run: the compiled twin in dist/ is named instead.
 * @param importMetaUrl the caller's `import.meta.url`
 * @param name the module beside the caller, with its `.js` name
 */
export function compiledModule(importMetaUrl: string, name: string): string {
  const here = dirname(fileURLToPath(importMetaUrl));
  const inside = relative(projectRoot, here);
  const base = inside.split(sep)[0] === 'dist' ? here : join(projectRoot, 'dist', inside);
  return join(base, name);
}

#!/usr/bin/env node
// The command line's entry point. Builds the program first where that was not done yet (install scripts are off).
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

if (!existsSync(at('../../dist/apps/cli/main.js'))) {
  process.stderr.write('Imprimatur is being built; this happens once and takes about a minute.\n');
  // What the build says must not end up in what the command prints.
  const { status } = spawnSync(process.execPath, [at('../../tools/setup.mjs')], { stdio: ['ignore', 2, 2] });
  if (status !== 0) process.exit(1);
}
await import('../../dist/apps/cli/main.js');

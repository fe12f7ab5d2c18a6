import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

const root = import.meta.dirname;
const outDir = join(root, '../dist/dashboard');

/** Writes `.br` and `.gz` beside each asset, so that the API serves small files without work. */
function compressed(): Plugin {
  return {
    name: 'compressed',
    apply: 'build',
    closeBundle() {
      const folder = join(outDir, 'assets');
      for (const name of readdirSync(folder)) {
        const bytes = readFileSync(join(folder, name));
        writeFileSync(join(folder, `${name}.br`), brotliCompressSync(bytes));
        writeFileSync(join(folder, `${name}.gz`), gzipSync(bytes, { level: 9 }));
      }
    },
  };
}

// Vite compiles JSX itself; there is no need for a React plugin.
export default defineConfig({
  root,
  publicDir: false,
  plugins: [compressed()],
  build: {
    outDir,
    emptyOutDir: true,
    target: 'es2022',
    // A data: address would need a hole in the page's content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // react-admin with MUI, for people who stay all day; the other pages take none of it.
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      // Marks for servers that render; there is none here.
      onLog: (level, log, next) => log.code === 'MODULE_LEVEL_DIRECTIVE' || next(level, log),
      input: Object.fromEntries(
        ['verify', 'consent', 'guardian', 'desk'].map((page) => [page, join(root, page, 'index.html')]),
      ),
    },
  },
  // `npx vite dashboard` beside a running service, for work on the pages.
  server: { proxy: { '/v1': 'http://127.0.0.1:3000' } },
});

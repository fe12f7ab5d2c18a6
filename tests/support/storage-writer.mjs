// Writes a blob slowly, for the test that kills the writer halfway.
import { createBlobStore } from '#platform/storage';

async function* slowly() {
  for (let i = 0; i < 1000; i++) {
    yield new Uint8Array(64 * 1024).fill(i);
    if (i === 20) process.stdout.write('halfway\n');
    if (i >= 20) await new Promise((done) => setTimeout(done, 20));
  }
}

await createBlobStore({ kind: 'fs', dir: process.argv[2] }).put(slowly());

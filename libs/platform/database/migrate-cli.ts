// Runs as its own process: the schema engine keeps a timer alive and does not work inside jest.
import { messageOf } from '#kernel';
import { migrate } from './migrate.js';

const url = process.env.DATABASE_URL;
try {
  if (!url) throw new Error('DATABASE_URL is not set');
  process.stdout.write(`${JSON.stringify({ applied: await migrate(url) })}\n`);
  process.exit(0);
} catch (e) {
  process.stderr.write(`${messageOf(e)}\n`);
  process.exit(1);
}

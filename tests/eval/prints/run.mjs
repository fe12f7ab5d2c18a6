// Measures misses and false matches of mark and prints, on the compiled product: node tests/eval/prints/run.mjs [file.json]
import { register } from 'node:module';

register('../../load/typescript-hook.mjs', import.meta.url);
const { main } = await import('./main.ts');
process.exitCode = await main(process.argv.slice(2));

// Runs the evaluations, which are TypeScript, on the compiled product: npm run eval:vision -- [section ...]
import { register } from 'node:module';

register('../../load/typescript-hook.mjs', import.meta.url);
const { main } = await import('./main.ts');
process.exitCode = await main(process.argv.slice(2));

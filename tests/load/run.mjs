// Runs the benchmarks, which are TypeScript, on the compiled product: npm run bench -- [prompt|overhead|memory|engines|inspect|verify|review|faces|backtest|leak]
import { register } from 'node:module';

register('./typescript-hook.mjs', import.meta.url);
const { main } = await import('./main.ts');
process.exitCode = await main(process.argv.slice(2));

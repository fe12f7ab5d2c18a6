import { benchBacktest } from './backtest.js';
import { benchEngines } from './engines.js';
import { benchFaces } from './faces.js';
import { benchInspection, benchLeak } from './inspection.js';
import { describeMachine } from './machine.js';
import { benchMemory } from './memory.js';
import { benchOverhead } from './overhead.js';
import { benchPrompt } from './prompt.js';
import { benchReview } from './review.js';
import { benchVerify } from './verify.js';

/** What a benchmark reports: Markdown, and whether the limits were met. */
export interface BenchReport {
  markdown: string;
  met: boolean;
}

const BENCHES: Record<string, () => Promise<BenchReport>> = {
  prompt: benchPrompt,
  overhead: benchOverhead,
  memory: benchMemory,
  engines: benchEngines,
  inspect: benchInspection,
  verify: benchVerify,
  review: benchReview,
  faces: benchFaces,
  backtest: benchBacktest,
  leak: benchLeak,
};

/** Too long to be run unasked. */
const ONLY_BY_NAME = new Set(['leak', 'faces']);

/** Runs the named benchmarks, without names all but the longest. @returns 1 when a limit was missed, 2 for a name that is none */
export async function main(names: string[]): Promise<number> {
  const unknown = names.find((name) => !Object.hasOwn(BENCHES, name));
  if (unknown !== undefined) {
    console.error(`There is no benchmark ${unknown}: choose among ${Object.keys(BENCHES).join(', ')}.`);
    return 2;
  }
  let code = 0;
  for (const name of names.length ? names : Object.keys(BENCHES).filter((one) => !ONLY_BY_NAME.has(one))) {
    const before = describeMachine();
    const { markdown, met } = await BENCHES[name]!();
    console.log(`\n### \`npm run bench -- ${name}\`\n\n${before}\n\n${markdown}`);
    if (!met) code = 1;
  }
  return code;
}

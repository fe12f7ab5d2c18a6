import { closeInference, inferenceReport } from '#engines/inference';
import { describeMachine } from '../../load/machine.js';
import * as models from './models.js';
import * as ocr from './ocr.js';
import { type Section } from './types.js';

/** Every section by the name that the command line takes. A new one is one line here. */
const SECTIONS: Record<string, Section> = { models, ocr };

/** One section as Markdown; one that throws is reported, not hidden. */
async function run(name: string, section: Section): Promise<boolean> {
  console.log(`\n## ${name}\n`);
  try {
    console.log(await section.evaluate());
    return true;
  } catch (error) {
    console.log(`**not measured**: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    return false;
  }
}

/** Runs the named sections, all without names. @returns 1 when a section threw, 2 for a name that is none */
export async function main(names: string[]): Promise<number> {
  const unknown = names.find((name) => !Object.hasOwn(SECTIONS, name));
  if (unknown !== undefined) {
    console.error(`There is no section ${unknown}: choose among ${Object.keys(SECTIONS).join(', ')}.`);
    return 2;
  }
  console.log(`# Evaluation of the vision rooms\n\n${describeMachine()}`);
  let code = 0;
  for (const name of names.length ? names : Object.keys(SECTIONS)) {
    if (!(await run(name, SECTIONS[name]!))) code = 1;
  }
  const { provider, sessions } = inferenceReport();
  const used = sessions.map((s) => `${s.file} ${s.sha256.slice(0, 12)} on ${s.provider}`).join('; ');
  if (provider) console.log(`\n${provider.runtime.name} ${provider.runtime.version}, provider ${provider.provider}.`);
  console.log(`\nNetworks open at the end: ${used || 'none'}.`);
  await closeInference();
  return code;
}

import { closeInference, inferenceReport } from '#engines/inference';
import { describeMachine } from '../../load/machine.js';
import * as faces from './faces.js';
import * as fingerprint from './fingerprint.js';
import * as liveness from './liveness.js';
import * as models from './models.js';
import * as nsfw from './nsfw.js';
import * as ocr from './ocr.js';
import * as speech from './speech.js';
import { type Section } from './types.js';
import * as violence from './violence.js';
import * as zeroShot from './zero-shot.js';

/** Every section by the name that the command line takes. A new one is one line here. */
const SECTIONS: Record<string, Section> = {
  models,
  nsfw,
  'zero-shot': zeroShot,
  violence,
  faces,
  liveness,
  ocr,
  speech,
  fingerprint,
};

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

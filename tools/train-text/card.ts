import { type TextManifest } from '#engines/text';

/** Licence of each training source, as its own repository or the kit's notes state it. */
const LICENCES: readonly [sources: string, licence: string][] = [
  ['adversarial-nibbler, ailuminate-demo-en/-fr, hatecheck-en, mhc-*, coco-captions', 'CC-BY-4.0'],
  ['xsafety-*, catqa, harmfulqa, vbench-2*, self-instruct', 'Apache-2.0'],
  ['harmbench, strongreject, advbench, multijail, mlma-*, davidson, surge-toxicity, i2p-*, jdb-*, piaf-fr-question', 'MIT (DiffusionDB text CC0-1.0)'],
  ['decodingtrust-rtp, piaf-fr-context', 'CC-BY-SA'],
  ['template-en, template-fr', 'Apache-2.0, written for this project (tools/train-text/templates)'],
]; // prettier-ignore

const fence = (text: string): string => `\`\`\`text\n${text}\n\`\`\`\n`;

/** The model card. */
export function cardOf(
  manifest: TextManifest,
  counts: { rows: number; positives: Record<string, number>; sources: Record<string, number> },
  report: { dev: string; evasion: string; templates: string },
): string {
  const thresholds = Object.entries(manifest.thresholds).map(([name, t]) => `| ${name} | ${counts.positives[name] ?? 0} | ${t.hold} | ${t.refuse} |`); // prettier-ignore
  return `# ${manifest.name} ${manifest.version}

A linear model over hashed words, word pairs and 3- to 5-character pieces, 13 heads (12 categories, and \`other\` for
"breaks some rule"), int8 weights. With the rules of \`libs/engines/text\` it is the first gate for prompts: it is fast
and auditable, and it is **not** a peer of guard models of billions of parameters.

Made by \`node dist/tools/train-text/main.js --data DIR --out models/text\`; the same data give the same bytes.

## Use
For: English and French video prompts, captions, on-screen text, transcripts; chat questions with \`kind: 'chat'\`.
Not for: judging people, legal findings, other languages (scores are reported there with low coverage), euphemism and
coded speech, scenes that are harmless frame by frame.

## Scores
Calibrated to operating points, not frequencies: 0.5 is the hold threshold of each category, chosen so that the linear
model holds about 2 % and refuses about 0.6 % of harmless development scenes over all categories together. Rules add to that.

| category | positive training rows | hold | refuse |
|---|---|---|---|
${thresholds.join('\n')}

sexual_minors has few rows and no template: it rests on rules (a word for a minor or a stated age beside sexual words, or
beside a high sexual score). likeness, copyright and political rest on name lists that are far from complete.

## Data
${counts.rows} rows. Every row names its source, so any source can be dropped and the model retrained.

| sources | licence |
|---|---|
${LICENCES.map(([a, b]) => `| ${a} | ${b} |`).join('\n')}

Licences of harmbench, strongreject, advbench, I2P, sneakyprompt and COCO rows were read in repositories that republish
them. The weights hold no text; \`words.txt\` holds single words.

Rows per source: ${Object.entries(counts.sources).sort((a, b) => b[1] - a[1]).map(([name, n]) => `${name} ${n}`).join(', ')}.

## Measured on the development rows
Thresholds, hyperparameters and templates were chosen on these rows, so the numbers are optimistic. "flagged" is held or refused at
the thresholds above, rules included; "scenes" are video prompts, image prompts and captions.

${fence(report.dev)}
Disguises (recall relative to the plain wording; the disguises and the normaliser were written by the same hand):

${fence(report.evasion)}
Held-out rows of the templates (same sentence frames as in training, so this is a check of learning, not of quality):

${fence(report.templates)}`;
} // prettier-ignore

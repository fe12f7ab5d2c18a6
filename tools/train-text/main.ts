import { CATEGORIES } from '#contracts';
import { encodeWeights, lexiconOf, loadTextModel, type TextManifest } from '#engines/text';
import { sha256Hex } from '#kernel';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { calibrate } from './calibrate.js';
import { cardOf } from './card.js';
import { fractionOf, readRows, type Row } from './data.js';
import { buildDataset, inverseFrequency } from './dataset.js';
import { evaluateEvasion, evaluateRows, tableOf } from './evaluate.js';
import { learn, quantise } from './learn.js';
import { templateRows } from './templates/index.js';
import { vocabularyOf } from './vocabulary.js';

const VERSION = '1.0.0';
const SPACE = { wordBits: 17, charBits: 17 };
/** Share of the rows in languages the product does not speak that is kept, and of template rows kept apart. */
const OTHER_LANGUAGES = 0.1;
const HELD_OUT = 0.1;

function trainingRows(kit: readonly Row[], templates: readonly Row[]): Row[] {
  const kept = kit.filter((row) => row.lang === 'en' || row.lang === 'fr' || fractionOf(row.id) < OTHER_LANGUAGES);
  return [...kept, ...templates.filter((row) => fractionOf(row.id) >= HELD_OUT)];
}

/** Rows, positives and sources of what was trained on, for the card. */
function countRows(rows: readonly Row[]): {
  rows: number;
  positives: Record<string, number>;
  sources: Record<string, number>;
} {
  const positives: Record<string, number> = {};
  const sources: Record<string, number> = {};
  for (const row of rows) {
    sources[row.source] = (sources[row.source] ?? 0) + 1;
    for (const category of CATEGORIES) {
      const value = category === 'other' ? row.unsafe : row.labels[category];
      if (value === 1) positives[category] = (positives[category] ?? 0) + 1;
    }
  }
  return { rows: rows.length, positives, sources };
}

function run(): void {
  const { values } = parseArgs({
    options: {
      data: { type: 'string' },
      out: { type: 'string' },
      epochs: { type: 'string', default: '5' },
      rate: { type: 'string', default: '0.1' },
      decay: { type: 'string', default: '0.0005' },
      boost: { type: 'string', default: '2' },
    },
  });
  if (!values.data || !values.out) throw new Error('usage: main.js --data DIR --out DIR [--epochs N]');
  const started = performance.now();
  const say = (text: string) => console.log(`${((performance.now() - started) / 1000).toFixed(1)} s  ${text}`);
  const kit = readRows(values.data, 'train');
  const dev = readRows(values.data, 'dev');
  const templates = templateRows();
  const rows = trainingRows(kit, templates);
  say(`${rows.length} training rows (${templates.length} template rows made), ${dev.length} development rows`);
  const words = vocabularyOf(rows);
  const lexicon = lexiconOf({ words });
  const data = buildDataset(rows, SPACE, lexicon);
  const labels = CATEGORIES.length;
  const idf = inverseFrequency(data, (1 << SPACE.wordBits) + (1 << SPACE.charBits));
  say(`${words.size} words, ${data.rows} windows, ${data.buckets.length} features, styles ${data.styles.join(' ')}`);
  const number = (text: string) => Number(text);
  const options = { epochs: number(values.epochs), rate: number(values.rate), decay: number(values.decay), boost: number(values.boost), seed: 20 }; // prettier-ignore
  const learnt = learn(data, idf, labels, options);
  say(learnt.log.join('; '));
  const { weights, thresholds } = calibrate(quantise(learnt, SPACE, labels), dev, lexicon);
  mkdirSync(values.out, { recursive: true });
  const wordList = [...words].map(([word, tag]) => `${tag} ${word}\n`).join(''); // prettier-ignore
  const bytes = encodeWeights(weights);
  writeFileSync(join(values.out, 'weights.bin'), bytes);
  writeFileSync(join(values.out, 'words.txt'), wordList);
  const counts = countRows(rows);
  const manifest: TextManifest & Record<string, unknown> = {
    name: 'imprimatur-text',
    version: VERSION,
    layout: 'IMPTXT02',
    files: {
      weights: { name: 'weights.bin', sha256: sha256Hex(bytes) },
      words: { name: 'words.txt', sha256: sha256Hex(wordList) },
    },
    labels: [...CATEGORIES],
    dims: { wordBuckets: 1 << SPACE.wordBits, charBuckets: 1 << SPACE.charBits, labels },
    thresholds,
    training: { ...options, ...counts },
    licence: 'Apache-2.0 for the weights; sources and their licences in card.md',
  };
  writeFileSync(join(values.out, 'model.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  const model = loadTextModel(values.out);
  const held = templates.filter((row) => fractionOf(row.id) < HELD_OUT);
  const report = {
    dev: tableOf(evaluateRows(model, dev)),
    evasion: tableOf(evaluateEvasion(model, dev)),
    templates: tableOf(evaluateRows(model, held)),
  };
  writeFileSync(join(values.out, 'card.md'), cardOf(manifest, counts, report));
  say(`written to ${values.out}\n\n${report.dev}\n\n${report.evasion}\n\nheld-out template rows\n${report.templates}`);
}

run();

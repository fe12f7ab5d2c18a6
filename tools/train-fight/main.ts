import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { STATISTICS } from '#engines/motion';
import { sha256Hex } from '#kernel';
import { cardOf } from './card.js';
import { judge, readWindows } from './judge.js';
import { fit, sigmoid } from './learn.js';

/** Length of the clip is a fact of the collection, not of fights: the head may not use it. */
const UNUSED = [STATISTICS.indexOf('duration')];

const { values } = parseArgs({
  options: { data: { type: 'string' }, out: { type: 'string' }, c: { type: 'string', default: '0.3' } },
});
if (!values.data || !values.out) throw new Error('usage: main.js --data DIR --out DIR [--c 0.3]');
const c = Number(values.c);
const [surv, ordinary] = [readWindows(values.data, 'surv'), readWindows(values.data, 'ordinary')];
const judged = judge(surv, ordinary, c, UNUSED);
const head = fit(surv.rows, surv.labels, c, UNUSED);
const round = (v: number) => Number(v.toPrecision(9));
const file = {
  features: STATISTICS,
  mean: head.mean.map(round),
  scale: head.scale.map(round),
  weights: head.weights.map(round),
  bias: round(head.bias),
  /** Scores over which 5 % of the non-fights of the training collection lie. */
  thresholdAt5: round(sigmoid(judged.threshold)),
};
mkdirSync(values.out, { recursive: true });
const text = `${JSON.stringify(file, null, 2)}\n`;
writeFileSync(join(values.out, 'fight.json'), text);
const model = {
  name: 'imprimatur-fight',
  version: '1.0.0',
  file: 'fight.json',
  sha256: sha256Hex(text),
  licence: 'Apache-2.0; fitted on features of the Surveillance Camera Fight Dataset (MIT)',
};
writeFileSync(join(values.out, 'model.json'), `${JSON.stringify(model, null, 2)}\n`);
writeFileSync(join(values.out, 'card.md'), cardOf(model.version, c, judged));
console.log(judged);

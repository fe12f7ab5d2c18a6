import { CATEGORIES } from '#contracts';
import { classifyText, type TextModel, type TextVerdict } from '#engines/text';
import { isBenignScene } from './calibrate.js';
import { type Row } from './data.js';
import { EVASIONS } from './evasion.js';
import { areaUnderRoc, averagePrecision, bestF1 } from './metrics.js';

/** One line of the report: what, its value, how many rows it rests on. */
export interface Measure {
  name: string;
  value: number;
  rows: number;
}

const SCENES = ['video_prompt', 'image_prompt', 'caption'];

type Level = 'allow' | 'hold' | 'refuse';

/** What the recommended thresholds would do with a row, over the categories that its labels leave open to error. */
function levelOf(model: TextModel, row: Row, text = row.text): Level {
  const { scores } = classifyText(model, text, { kind: row.kind });
  let level: Level = 'allow';
  for (const category of CATEGORIES) {
    // On harmless rows a category of unknown label (a character's name, say) is not a false alarm.
    if (row.unsafe === 0 && category !== 'other' && row.labels[category] == null) continue;
    if (scores[category] >= model.thresholds[category].refuse) return 'refuse';
    if (scores[category] >= model.thresholds[category].hold) level = 'hold';
  }
  return level;
}

class Report {
  readonly measures: Measure[] = [];
  private readonly verdicts = new Map<Row, TextVerdict>();
  constructor(private readonly model: TextModel) {}

  rate(name: string, rows: readonly Row[], levels: readonly Level[], change?: (text: string) => string): void {
    if (rows.length === 0) return;
    const hit = rows.filter((row) => levels.includes(levelOf(this.model, row, change ? change(row.text) : row.text)));
    this.measures.push({ name, value: hit.length / rows.length, rows: rows.length });
  }

  private verdictOf(row: Row): TextVerdict {
    const known = this.verdicts.get(row);
    if (known) return known;
    const fresh = classifyText(this.model, row.text, { kind: row.kind });
    this.verdicts.set(row, fresh);
    return fresh;
  }

  ranking(name: string, rows: readonly Row[], label: string): void {
    const known = rows.filter((row) => (label === 'unsafe' ? row.unsafe : row.labels[label]) != null);
    const positive = known.map((row) => (label === 'unsafe' ? row.unsafe : row.labels[label]) === 1);
    if (!positive.includes(true) || !positive.includes(false)) return;
    const scores = known.map((row) => {
      const verdict = this.verdictOf(row);
      return label === 'unsafe' ? verdict.unsafe : verdict.scores[label as 'sexual'];
    });
    const add = (metric: string, value: number) => this.measures.push({ name: `${name} ${metric}`, value, rows: known.length }); // prettier-ignore
    add('AUPRC', averagePrecision(scores, positive));
    if (label === 'unsafe') {
      add('best F1', bestF1(scores, positive));
      add('ROC AUC', areaUnderRoc(scores, positive));
    }
  }
}

const FLAGGED: readonly Level[] = ['hold', 'refuse'];

/** Everything that is measured on labelled rows; sets that the rows do not hold are left out. */
export function evaluateRows(model: TextModel, all: readonly Row[]): Measure[] {
  const report = new Report(model);
  const rows = all.filter((row) => row.lang === 'en' || row.lang === 'fr');
  const scenes = rows.filter((row) => SCENES.includes(row.kind));
  const benign = rows.filter(isBenignScene);
  const unsafeScenes = scenes.filter((row) => row.unsafe === 1);
  const kind = (name: string, unsafe: 0 | 1) => rows.filter((row) => row.kind === name && row.unsafe === unsafe);
  report.ranking('unsafe, all EN+FR', rows, 'unsafe');
  report.ranking('unsafe, scenes', scenes, 'unsafe');
  report.ranking('unsafe, French', rows.filter((row) => row.lang === 'fr'), 'unsafe'); // prettier-ignore
  for (const category of CATEGORIES) if (category !== 'other') report.ranking(category, rows, category);
  report.rate('benign scenes refused', benign, ['refuse']);
  report.rate('benign scenes flagged', benign, FLAGGED);
  report.rate('benign video prompts refused', benign.filter((r) => r.kind === 'video_prompt'), ['refuse']); // prettier-ignore
  report.rate('benign video prompts flagged', benign.filter((r) => r.kind === 'video_prompt'), FLAGGED); // prettier-ignore
  report.rate('unsafe scenes refused', unsafeScenes, ['refuse']);
  report.rate('unsafe scenes flagged', unsafeScenes, FLAGGED);
  const source = (name: string) => rows.filter((row) => row.source === name);
  report.rate('XSTest safe refused', source('xstest/safe'), ['refuse']);
  report.rate('XSTest safe flagged', source('xstest/safe'), FLAGGED);
  report.rate('XSTest unsafe flagged', source('xstest/unsafe'), FLAGGED);
  report.rate('French questions flagged', source('piaf-fr-question'), FLAGGED);
  report.rate('French sentences flagged', source('piaf-fr-context'), FLAGGED);
  report.rate('unsafe French chat flagged', kind('chat', 1).filter((row) => row.lang === 'fr'), FLAGGED); // prettier-ignore
  report.rate('unsafe English chat flagged', kind('chat', 1).filter((row) => row.lang === 'en'), FLAGGED); // prettier-ignore
  return report.measures;
}

/** Recall under each disguise relative to the plain wording, and the share of harmless scenes flagged in that disguise. */
export function evaluateEvasion(model: TextModel, all: readonly Row[], limit = 400): Measure[] {
  const report = new Report(model);
  const rows = all.filter((row) => SCENES.includes(row.kind) && (row.lang === 'en' || row.lang === 'fr'));
  const short = rows.filter((row) => row.text.length <= 400);
  const unsafe = short.filter((row) => row.unsafe === 1).slice(0, limit);
  const benign = short.filter(isBenignScene).slice(0, limit);
  report.rate('clean recall', unsafe, FLAGGED);
  const clean = report.measures[0]?.value ?? NaN;
  const out = [...report.measures];
  for (const [name, change] of Object.entries(EVASIONS)) {
    const one = new Report(model);
    one.rate('recall', unsafe, FLAGGED, change);
    one.rate('benign', benign, FLAGGED, change);
    out.push({ name: `${name}: relative recall`, value: (one.measures[0]?.value ?? NaN) / clean, rows: unsafe.length });
    out.push({ name: `${name}: benign flagged`, value: one.measures[1]?.value ?? NaN, rows: benign.length });
  }
  return out;
}

/** The measures as a plain table. */
export function tableOf(measures: readonly Measure[]): string {
  const width = Math.max(...measures.map((m) => m.name.length));
  return measures.map((m) => `${m.name.padEnd(width)}  ${m.value.toFixed(3)}  (${m.rows})`).join('\n');
}

import { join } from 'node:path';
import { loadFightHead, STATISTICS } from '#engines/motion';
import { projectRoot } from '#kernel';
import { judge, readWindows } from '../../../tools/train-fight/judge.js';

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

/** What the fight head is worth, as Markdown; false alarms on ordinary videos stand beside every number. */
export async function evaluate(): Promise<string> {
  const dir = join(projectRoot, 'tests', 'fixtures', 'violence');
  const [surv, ordinary] = [readWindows(dir, 'surv'), readWindows(dir, 'ordinary')];
  const judged = judge(surv, ordinary, 0.3, [STATISTICS.indexOf('duration')]);
  const head = loadFightHead();
  const shipped = ordinary.rows.filter((row) => head.score(row) > head.thresholdAt5).length / ordinary.rows.length;
  const beside = `${percent(judged.ordinaryFlagged)} of 79 windows`;
  return `## Fights by motion (shadow only)

| measured on scenes not trained on | value | ordinary windows flagged |
|---|---|---|
| area under the ROC curve | ${judged.auc.toFixed(3)} | ${beside} |
| recall at 5 % false positives | ${percent(judged.recallAt5)} | ${beside} |
| recall at 1 % (a guess) | ${percent(judged.recallAt1)} | ${beside} |
| committed head at its threshold | - | ${percent(shipped)} |

Not measured: generated video, other collections of fights, knives, firearms, gore.
`;
}

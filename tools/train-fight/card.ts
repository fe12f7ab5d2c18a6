import { type Judgement } from './judge.js';

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;

/** The model card. */
export function cardOf(version: string, c: number, judged: Judgement): string {
  return `# imprimatur-fight ${version}

Logistic regression (L2, C = ${c}) on 32 statistics of dense optical flow and frame differences of two seconds (\`libs/engines/motion\`).
Made by \`node dist/tools/train-fight/main.js --data tests/fixtures/violence --out models/violence\`; the same data give the same bytes.

## Use
A signal in shadow: it may raise the priority of a review. Not for holding, refusing or passing a clip: nothing openly licensed is
good enough for that. It sees motion, not people: no weapons, blood, wounds or threats.

## Measured
| what | value |
|---|---|
| area under the ROC curve, 5 folds without common scenes, mean score of 3 repeats | ${judged.auc.toFixed(3)} |
| fights found at 5 % false positives | ${percent(judged.recallAt5)} |
| fights found at 1 % (one or two clips: a guess) | ${percent(judged.recallAt1)} |
| **ordinary windows from other videos flagged at the 5 % threshold** | **${percent(judged.ordinaryFlagged)}** of 79, in ${judged.ordinaryVideos} of 18 videos |

C was chosen on the same folds, so the numbers are a little optimistic. Dance, sport, moving cameras, bicycles and test patterns are
the false alarms to expect. Generated video, other collections and recall outside CCTV are not measured.
The score is not a probability: half of the training clips are fights. Duration has weight 0: it tells the collection, not the fight.

## Data
Features (no pictures) of 300 clips of the Surveillance Camera Fight Dataset (Akti, Tataroglu, Ekenel, IPTA 2019), MIT, Copyright (c)
2020 Seymanur Akti; 79 windows of ordinary videos for false alarms only, never for training. \`tests/fixtures/violence\`.
`;
}

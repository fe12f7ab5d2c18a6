import { seconds } from './format.js';
import { COLUMN, INK, PAGE, type Paper } from './paper.js';
import type { ReportSheet, StillPair } from './types.js';
import type { Words } from './words/index.js';

const GAP = 14;
const WIDTH = (COLUMN - GAP) / 2;
/** Below a row: caption and distance. */
const ROW_GAP = 24;
/** Portrait clips are shown no taller than this. */
const TALLEST = 118;

/** What the types of pdfkit leave out. */
interface OpensImages {
  openImage(image: Buffer): { width: number; height: number };
}

interface Picture {
  caption: string;
  jpeg: Uint8Array | null;
}

function fit(paper: Paper, jpeg: Uint8Array): { width: number; height: number } {
  const { width, height } = (paper.doc as unknown as OpensImages).openImage(Buffer.from(jpeg));
  const scale = Math.min(WIDTH / width, TALLEST / height);
  return { width: width * scale, height: height * scale };
}

/** Every row leaves room for its tallest picture. */
function drawRow(paper: Paper, pictures: Picture[], words: Words): void {
  const sizes = pictures.map(({ jpeg }) => (jpeg ? fit(paper, jpeg) : { width: WIDTH, height: 0 }));
  const height = Math.max(60, ...sizes.map((size) => size.height));
  paper.need(height + ROW_GAP);
  const top = paper.y;
  pictures.forEach(({ caption, jpeg }, i) => {
    const x = PAGE.left + i * (WIDTH + GAP);
    const { width, height: tall } = sizes[i]!;
    paper.artifact(() => paper.doc.rect(x, top, WIDTH, height).fill(INK.tint));
    const draw = () => {
      if (jpeg)
        paper.doc.image(Buffer.from(jpeg), x + (WIDTH - width) / 2, top + (height - tall) / 2, { width, height: tall });
      else paper.block(words.stills.missing, x + 10, top + height / 2 - 7, { size: 8.5, color: INK.soft });
    };
    paper.tag(jpeg ? 'Figure' : 'P', draw, undefined, jpeg ? caption : undefined);
    paper.tag('Caption', () => paper.line(caption, x, top + height + 3, { size: 8, color: INK.soft }));
  });
  paper.y = top + height + ROW_GAP;
}

const submitted = ({ submitted: jpeg, submittedS }: StillPair, words: Words, sheet: ReportSheet): Picture => ({
  caption: words.stills.submitted(seconds(submittedS, sheet.lang)),
  jpeg,
});

/** Frames of the submitted file beside those of the release. */
export function drawStills(paper: Paper, sheet: ReportSheet, words: Words): void {
  const { pairs, note } = sheet.stills;
  const beside = pairs.some(({ registered }) => registered);
  const rows = beside ? pairs.length : Math.ceil(pairs.length / 2);
  paper.heading(words.stills.title, rows ? Math.min(rows, 3) * (TALLEST + ROW_GAP) + 40 : 40);
  if (pairs.length) paper.text(beside ? words.stills.lead : words.stills.leadAlone, { color: INK.soft });
  if (note) paper.text(words.stills.notes[note], { color: INK.soft });
  paper.space(10);
  if (beside) {
    for (const pair of pairs) {
      const row = [submitted(pair, words, sheet)];
      if (pair.registered) {
        const { releaseId, atS, jpeg } = pair.registered;
        row.push({ caption: words.stills.registered(releaseId, seconds(atS, sheet.lang)), jpeg });
      }
      drawRow(paper, row, words);
    }
    return;
  }
  for (let i = 0; i < pairs.length; i += 2) {
    drawRow(
      paper,
      pairs.slice(i, i + 2).map((pair) => submitted(pair, words, sheet)),
      words,
    );
  }
}

import { plain } from '#kernel';
import type { Locale, VerifyReport } from '#contracts';
import { number, time } from './format.js';
import { COLUMN, INK, PAGE, type Paper, type Style } from './paper.js';
import { drawLamp, lampsOf, type Lamp } from './shapes.js';
import { drawTimeline } from './timeline.js';
import type { Words } from './words/index.js';

const LABEL: Style = { size: 7.5, lead: 11, color: INK.soft, face: 'strong' };

/** The largest type in which the sentence takes at most `lines` lines. */
function sentenceStyle(paper: Paper, text: string): Style {
  for (const size of [19, 17, 15.5, 14, 12.5]) {
    const style: Style = { face: 'strong', size, lead: size * 1.36, width: COLUMN };
    if (paper.height(text, style) <= 132) return style;
  }
  return { face: 'strong', size: 11.5, lead: 16, width: COLUMN };
}

function drawMasthead(paper: Paper, report: VerifyReport, words: Words): void {
  const { doc } = paper;
  paper.y = 50;
  paper.artifact(() => doc.rect(PAGE.left, paper.y, 22, 3).fill(INK.ours));
  paper.space(9);
  const top = paper.y;
  paper.text(words.title, { face: 'strong', size: 12, lead: 17 }, 'H1');
  const right = plain(`${report.tool.name} ${report.tool.version}`, 60);
  const width = paper.fonts.width(right, 'regular', 8.5);
  paper.tag('P', () => paper.line(right, PAGE.left + COLUMN - width, top + 3, { size: 8.5, color: INK.soft }));
}

function drawSubject(paper: Paper, report: VerifyReport, words: Words, lang: Locale): void {
  const { front } = words;
  const { name, bytes, sha256 } = report.file;
  const columns = [
    {
      label: front.file,
      value: name === null ? front.unnamed : plain(name, 160),
      width: 213,
      detail: `${number(bytes, lang)} ${lang === 'fr' ? 'octets' : 'bytes'}`,
    },
    { label: front.examined, value: time(report.at), width: 118, detail: '' },
    { label: front.report, value: plain(report.id, 60), width: COLUMN - 355, detail: '' },
  ];
  paper.space(6);
  const top = paper.y;
  let x = PAGE.left;
  let bottom = top;
  for (const { label, value, width, detail } of columns) {
    const text = `${value}${detail ? ` (${detail})` : ''}`;
    const style: Style = { size: 8.5, lead: 12, width };
    paper.tag('P', () => {
      paper.line(label, x, top, LABEL);
      bottom = Math.max(bottom, top + 11 + paper.block(text, x, top + 11, style));
    });
    x += width + 12;
  }
  paper.y = bottom + 2;
  paper.tag('P', () => paper.block(`SHA-256 ${sha256}`, PAGE.left, paper.y, { face: 'mono', size: 7.5 }));
  paper.space(14);
}

function drawStatement(paper: Paper, report: VerifyReport, words: Words, lang: Locale): void {
  const { front } = words;
  const { row, text, needsReview } = report.verdict;
  paper.artifact(() => paper.rule(paper.y));
  paper.space(16);
  paper.text(`${front.statement} · ${row === null ? front.noRow : front.row(row)}`, LABEL);
  paper.space(4);
  paper.text(text[lang], sentenceStyle(paper, text[lang]));
  if (!needsReview) return;
  paper.space(8);
  const style: Style = { size: 9, lead: 13, x: PAGE.left + 14, width: COLUMN - 28 };
  const height = paper.height(front.needsReview, style) + 14;
  paper.need(height);
  const top = paper.y;
  paper.artifact(() => {
    paper.doc.rect(PAGE.left, top, COLUMN, height).fill(INK.againstTint);
    paper.doc.rect(PAGE.left, top, 3, height).fill(INK.against);
  });
  paper.space(7);
  paper.text(front.needsReview, style);
  paper.y = top + height;
}

function lampCards(report: VerifyReport, words: Words): { lamp: Lamp; name: string; state: string; id: string }[] {
  const { lamps } = words;
  const { credentials, watermark, register } = lampsOf(report);
  const { softBinding, state } = report.credentials;
  return [
    { lamp: credentials, name: lamps.credentials, state: lamps.credentialStates[state], id: softBinding ?? '' },
    {
      lamp: watermark,
      name: lamps.watermark,
      state: lamps.watermarkStates[report.watermark.state],
      id: report.watermark.releaseId ?? '',
    },
    {
      lamp: register,
      name: lamps.register,
      state: lamps.registerStates[report.registry.state],
      id: report.registry.releaseId ?? '',
    },
  ];
}

function drawLamps(paper: Paper, report: VerifyReport, words: Words): void {
  const gap = 10;
  const width = (COLUMN - 2 * gap) / 3;
  const cards = lampCards(report, words);
  const stateStyle: Style = { size: 8.5, lead: 12, width: width - 46 };
  const height = 40 + Math.max(...cards.map(({ state }) => paper.height(state, stateStyle)));
  paper.need(height + 30);
  const top = paper.y;
  cards.forEach(({ lamp, name, state, id }, i) => {
    const x = PAGE.left + i * (width + gap);
    paper.artifact(() => {
      paper.doc.roundedRect(x, top, width, height, 4).fill(lamp === 'against' ? INK.againstTint : INK.tint);
      drawLamp(paper, lamp, x + 19, top + 19, 8);
    });
    paper.tag('P', () => {
      paper.line(name, x + 36, top + 9, { face: 'strong', size: 9.5 });
      const below = top + 24 + paper.block(state, x + 36, top + 24, stateStyle);
      if (id) paper.line(plain(id, 24), x + 36, below, { face: 'mono', size: 7.5, color: INK.soft });
    });
  });
  paper.y = top + height + 7;
  const shown = (['ours', 'other', 'nothing', 'against', 'unable'] as const).filter((one) =>
    cards.some(({ lamp }) => lamp === one),
  );
  paper.tag('P', () => {
    let x = PAGE.left;
    for (const lamp of shown) {
      drawLamp(paper, lamp, x + 4, paper.y + 5.5, 3.2);
      const label = words.lamps.legend[lamp];
      paper.line(label, x + 12, paper.y, { size: 7.5, color: INK.soft });
      x += 12 + paper.fonts.width(label, 'regular', 7.5) + 14;
    }
  });
  paper.space(13);
}

/** Page one: the file, the sentence, the three lamps, the seconds, what it does not say, and what led to it. */
export function drawFront(paper: Paper, report: VerifyReport, words: Words, lang: Locale): void {
  const { front } = words;
  paper.doc.outline.addItem(words.title);
  drawMasthead(paper, report, words);
  drawSubject(paper, report, words, lang);
  drawStatement(paper, report, words, lang);
  paper.space(18);
  paper.text(front.signs, LABEL, 'H2');
  paper.space(4);
  drawLamps(paper, report, words);
  paper.space(12);
  paper.text(front.which, LABEL, 'H2');
  paper.space(5);
  drawTimeline(paper, report, words, lang);
  paper.space(14);
  paper.need(70);
  paper.text(front.not, LABEL, 'H2');
  paper.space(4);
  paper.list(front.notSaid, { size: 9, lead: 12.8 });
  paper.space(8);
  paper.need(60);
  paper.text(front.why, LABEL, 'H2');
  paper.space(4);
  paper.list(
    report.verdict.why.map((one) => one[lang]),
    { size: 9, lead: 12.8 },
  );
}

import { plain } from '#kernel';
import { drawRecords } from './custody.js';
import { drawFindings } from './findings.js';
import { drawForm } from './form.js';
import { drawFront } from './front.js';
import { drawMethod } from './method.js';
import { COLUMN, INK, PAGE, Paper } from './paper.js';
import { addSignatureField, fillSignature, type SignBytes } from './seal.js';
import { drawStills } from './stills.js';
import type { ReportSheet } from './types.js';
import { wordsOf, type Words } from './words/index.js';

function drawEdges(paper: Paper, { report, reportSha256 }: ReportSheet, words: Words): void {
  const small = { size: 7.5, color: INK.faint };
  paper.everyPage((page, pages) => {
    const number = words.page(page, pages);
    const right = PAGE.left + COLUMN - paper.fonts.width(number, 'regular', 7.5);
    const foot = PAGE.height - 46;
    paper.rule(foot);
    paper.line(words.reportHash, PAGE.left, foot + 6, { ...small, size: 6.5 });
    paper.line(reportSha256, PAGE.left, foot + 15, { ...small, face: 'mono', size: 7 });
    paper.line(number, right, foot + 15, small);
    if (page > 1) {
      paper.line(`${words.title} · ${plain(report.id, 60)}`, PAGE.left, 36, small);
    }
  });
}

/**
 * Draws the report as a tagged A4 PDF with bookmarks. The same sheet gives the same bytes. Text by strangers is shown
 * with its hidden characters written out, and cut.
 * @param sign makes the PAdES signature with the certificate that the sheet names; without it the PDF is not signed
 */
export async function drawReport(sheet: ReportSheet, sign?: SignBytes): Promise<Uint8Array> {
  const { lang, report } = sheet;
  const words = wordsOf(lang);
  const product = plain(`${report.tool.name} ${report.tool.version}`, 60);
  const paper = new Paper({
    lang,
    title: `${words.title} ${plain(report.id, 60)}`,
    author: product,
    subject: words.subject,
    at: new Date(report.at),
  });
  drawFront(paper, report, words, lang);
  if (sheet.stills.pairs.length || sheet.stills.note) drawStills(paper, sheet, words);
  drawFindings(paper, report, words, lang);
  drawMethod(paper, report, words, lang);
  drawRecords(paper, sheet, words);
  drawForm(paper, sheet, words);
  drawEdges(paper, sheet, words);
  if (sign) addSignatureField(paper.doc, new Date(sheet.stamp.at));
  const pdf = await paper.finish();
  return sign ? fillSignature(pdf, sign) : pdf;
}

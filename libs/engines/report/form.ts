import { plain } from '#kernel';
import { COLUMN, INK, PAGE, type Paper, type Style } from './paper.js';
import type { ReportSheet } from './types.js';
import type { Words } from './words/index.js';

const RULED = 21;

function blank(paper: Paper, label: string, lines = 1): void {
  const style: Style = { size: 8, lead: 11.5, color: INK.soft };
  const height = paper.height(label, style) + lines * RULED;
  paper.need(height);
  paper.text(label, style);
  paper.artifact(() => {
    for (let line = 1; line <= lines; line++) {
      const y = paper.y + line * RULED - 6;
      paper.doc
        .moveTo(PAGE.left, y)
        .lineTo(PAGE.left + COLUMN, y)
        .lineWidth(0.5)
        .stroke(INK.faint);
    }
  });
  paper.space(lines * RULED);
}

/** The form that a qualified person may fill in. Nothing in it is filled in but identifiers and hashes. */
export function drawForm(paper: Paper, { report, reportSha256 }: ReportSheet, words: Words): void {
  const { title, warning, intro, fields, items, identical } = words.findings.form;
  const item = (text: string) => {
    paper.space(6);
    paper.text(text, { face: 'strong', size: 9, lead: 13 });
    paper.space(3);
  };
  const hash = (text: string) => paper.text(text, { face: 'mono', size: 7.5, lead: 11.5 });
  paper.turn();
  paper.heading(title, 200);
  const style: Style = { size: 8.5, lead: 12.5, x: PAGE.left + 12, width: COLUMN - 24 };
  const height = paper.height(warning, style) + 14;
  paper.artifact(() => paper.doc.rect(PAGE.left, paper.y, COLUMN, height).fill(INK.tint));
  paper.space(7);
  paper.text(warning, style);
  paper.space(13);
  paper.text(intro);
  item(items.who);
  blank(paper, fields.name);
  blank(paper, fields.employer);
  blank(paper, fields.qualified, 2);
  item(`${items.process} ${plain(report.id, 60)} (${plain(`${report.tool.name} ${report.tool.version}`, 60)}).`);
  hash(`SHA-256 ${reportSha256}`);
  paper.space(3);
  blank(paper, fields.why, 2);
  const name = report.file.name === null ? words.front.unnamed : `“${plain(report.file.name, 120)}”`;
  item(`${items.copy} ${name}.`);
  hash(`SHA-256 ${report.file.sha256}`);
  hash(`SHA-512 ${report.file.sha512}`);
  paper.space(3);
  blank(paper, fields.source);
  blank(paper, fields.how);
  blank(paper, fields.hashTool);
  paper.text(identical, { size: 9 });
  item(items.again);
  blank(paper, fields.run);
  item(items.oath);
  blank(paper, fields.place);
  blank(paper, fields.signature);
}

import { plain } from '#kernel';
import { time } from './format.js';
import { COLUMN, INK, PAGE, type Paper, type Style } from './paper.js';
import type { ReportSheet } from './types.js';
import type { Words } from './words/index.js';

function drawCustody(paper: Paper, { report, ...sheet }: ReportSheet, words: Words): void {
  const w = words.findings.custody;
  paper.heading(w.title, 90);
  paper.text(report.custody.length ? w.intro : w.empty, { color: INK.soft });
  paper.space(4);
  paper.table(
    report.custody.map(({ at, what, actor, sha256 }) => ({
      name: time(at),
      value: [w.what[what], plain(actor, 80), sha256 && `SHA-256 ${sha256}`].filter(Boolean).join(words.separator),
    })),
    { nameWidth: 130 },
  );
  const { certificate, stamp, reportSha256, reportKeySha256 } = sheet;
  const hashes = [
    { name: w.fileSha256, value: report.file.sha256, mono: true },
    { name: w.fileSha512, value: report.file.sha512, mono: true },
    { name: w.reportSha256, value: reportSha256, mono: true },
    { name: w.key, value: reportKeySha256, mono: true },
    { name: w.stamp, value: w.stampBy(time(stamp.at), plain(stamp.by, 120)) },
    {
      name: w.pdf,
      value: certificate ? w.pdfNote(plain(certificate.subject, 120), certificate.sha256) : w.unsigned,
    },
  ];
  paper.table(hashes, { title: w.hashes });
  paper.space(4);
  paper.text(w.reportNote, { size: 8.5, lead: 12.5, color: INK.soft });
}

function drawReproduce(paper: Paper, { stamp }: ReportSheet, words: Words): void {
  const w = words.findings.reproduce;
  paper.heading(w.title, 110);
  paper.text(w.intro);
  paper.space(5);
  const style: Style = { face: 'mono', size: 8, lead: 12, x: PAGE.left + 10, width: COLUMN - 20 };
  const command = w.command(stamp.at);
  const height = paper.height(command, style) + 12;
  paper.need(height);
  paper.artifact(() => paper.doc.roundedRect(PAGE.left, paper.y, COLUMN, height, 3).fill(INK.tint));
  paper.space(6);
  paper.text(command, style, 'Code');
  paper.space(12);
  paper.list(w.steps);
}

function drawTool(paper: Paper, { report: { tool } }: ReportSheet, words: Words): void {
  const w = words.findings.tool;
  paper.heading(w.title, 90);
  const parts = tool.parts.map(({ name, version }) => `${plain(name, 60)} ${plain(version, 40)}`).join(', ');
  const { anchors, sha256 } = tool.trust;
  paper.table([
    { name: w.program, value: plain(`${tool.name} ${tool.version}`, 100) },
    { name: w.parts, value: parts || words.notStated },
    { name: w.config, value: tool.configSha256 || words.notStated, mono: Boolean(tool.configSha256) },
    { name: w.trust, value: sha256 ? w.anchors(anchors, sha256) : w.trustPlain(anchors) },
  ]);
}

/** Chain of custody, hashes, how to do it again, and with which tools it was done. */
export function drawRecords(paper: Paper, sheet: ReportSheet, words: Words): void {
  drawCustody(paper, sheet, words);
  drawReproduce(paper, sheet, words);
  drawTool(paper, sheet, words);
}

import type { Locale, Segment, VerifyReport } from '#contracts';
import { seconds } from './format.js';
import { COLUMN, INK, PAGE, type Paper } from './paper.js';
import type { Words } from './words/index.js';

const NAME = 52;
const BAR = 15;
const GAP = 9;
/** Height of a line of the legend. */
const LEGEND = 12;
/** Marks on the axis at most. */
const TICKS = 10;
const STEPS = [0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600];
/** Parts told in words below the picture. */
const TOLD = 6;

interface Scale {
  length: number;
  at: (s: number) => number;
}

function scaleOf(report: VerifyReport): Scale {
  const length = Math.max(report.file.container?.durationS ?? 0, ...report.segments.map(({ endS }) => endS), 0.1);
  return { length, at: (s) => PAGE.left + NAME + (Math.min(Math.max(s, 0), length) / length) * (COLUMN - NAME) };
}

function hatch(paper: Paper, x: number, y: number, width: number, color: string): void {
  const { doc } = paper;
  doc.save().rect(x, y, width, BAR).clip().lineWidth(0.7).strokeColor(color);
  for (let at = x - BAR; at < x + width; at += 4.5)
    doc
      .moveTo(at, y + BAR)
      .lineTo(at + BAR, y)
      .stroke();
  doc.restore();
}

function drawSegment(paper: Paper, { state }: Pick<Segment, 'state'>, x: number, y: number, width: number): void {
  const { doc } = paper;
  const fill = { ours: INK.ours, other: '#e4e7ec', unable: '#ffffff' }[state];
  doc.rect(x, y, width, BAR).fill(fill);
  if (state === 'unable') hatch(paper, x, y, width, INK.against);
}

function drawBar(paper: Paper, segments: Segment[], scale: Scale, y: number): void {
  const { doc } = paper;
  const [left, width] = [scale.at(0), COLUMN - NAME];
  doc.rect(left, y, width, BAR).fill('#ffffff');
  for (const one of segments) {
    const x = scale.at(one.startS);
    drawSegment(paper, one, x, y, Math.max(0.6, scale.at(one.endS) - x));
  }
  for (const { startS, endS } of segments) {
    for (const s of [startS, endS])
      doc
        .moveTo(scale.at(s), y)
        .lineTo(scale.at(s), y + BAR)
        .lineWidth(0.4)
        .stroke('#ffffff');
  }
  doc.rect(left, y, width, BAR).lineWidth(0.5).stroke(INK.faint);
}

/** With several releases, each part bears the number under which it is told below. */
function numberParts(paper: Paper, segments: Segment[], scale: Scale, y: number, releases: string[]): void {
  for (const { startS, endS, state, releaseId } of segments) {
    const [x, width] = [scale.at(startS), scale.at(endS) - scale.at(startS)];
    if (state !== 'ours' || !releaseId || width < 12) continue;
    const label = String(releases.indexOf(releaseId) + 1);
    const at = x + width / 2 - paper.fonts.width(label, 'strong', 8) / 2;
    paper.line(label, at, y + 1.8, { face: 'strong', size: 8, color: '#ffffff' });
  }
}

function drawAxis(paper: Paper, scale: Scale, y: number, unit: string, lang: Locale): void {
  const step = STEPS.find((one) => scale.length / one <= TICKS) ?? scale.length / TICKS;
  const style = { size: 7, color: INK.soft };
  for (let s = 0; s <= scale.length + 1e-6; s += step) {
    const x = scale.at(s);
    paper.doc
      .moveTo(x, y)
      .lineTo(x, y + 3)
      .lineWidth(0.5)
      .stroke(INK.faint);
    const label = `${s.toLocaleString(lang, { maximumFractionDigits: 1 })}${s === 0 ? ` ${unit}` : ''}`;
    const width = paper.fonts.width(label, 'regular', 7);
    paper.line(label, Math.min(x - (s === 0 ? 0 : width / 2), PAGE.left + COLUMN - width), y + 3, style);
  }
}

function drawLegend(paper: Paper, states: (Segment['state'] | 'blank')[], y: number, words: Words): number {
  const { timeline } = words;
  let [x, line] = [PAGE.left + NAME, y];
  for (const state of states) {
    const label = timeline[state];
    const width = 18 + paper.fonts.width(label, 'regular', 7.5);
    if (x + width > PAGE.left + COLUMN) [x, line] = [PAGE.left + NAME, line + LEGEND];
    if (state !== 'blank') drawLegendBox(paper, state, x, line);
    else
      paper.doc
        .rect(x, line + 2, 14, 7)
        .lineWidth(0.5)
        .stroke(INK.faint);
    paper.line(label, x + 18, line, { size: 7.5, color: INK.soft });
    x += width + 13;
  }
  return line + LEGEND;
}

function drawLegendBox(paper: Paper, state: Segment['state'], x: number, y: number): void {
  paper.doc
    .save()
    .translate(x, y + 2)
    .scale(1, 7 / BAR);
  drawSegment(paper, { state }, 0, 0, 14);
  paper.doc.restore();
  paper.doc
    .rect(x, y + 2, 14, 7)
    .lineWidth(0.4)
    .stroke(INK.faint);
}

/** Whether the tracks are covered by their segments, so that no second is left unsaid. */
function covered(segments: Segment[], length: number): boolean {
  const total = segments.reduce((sum, { startS, endS }) => sum + Math.max(0, endS - startS), 0);
  return total > length - 0.6;
}

/** The picture of which seconds are ours: a bar for each track, an axis, what the shades mean, and the parts in words. */
export function drawTimeline(paper: Paper, report: VerifyReport, words: Words, lang: Locale): void {
  const { timeline } = words;
  if (report.segments.length === 0) {
    paper.text(timeline.whole, { color: INK.soft });
    return;
  }
  const scale = scaleOf(report);
  const ours = report.segments.filter(({ state, releaseId }) => state === 'ours' && releaseId);
  const releases = [...new Set(ours.map(({ releaseId }) => releaseId!))];
  const tracks = (['picture', 'sound'] as const).map((track) => ({
    track,
    segments: report.segments.filter((one) => one.track === track),
  }));
  const present = new Set(report.segments.map(({ state }) => state));
  const blank = tracks.some(({ segments }) => !covered(segments, scale.length));
  const states = (['ours', 'other', 'unable'] as const).filter((state) => present.has(state));
  paper.need(2 * (BAR + GAP) + 48);
  const top = paper.y;
  const draw = () => {
    tracks.forEach(({ track, segments }, i) => {
      const y = top + i * (BAR + GAP);
      paper.line(timeline[track], PAGE.left, y + 1.5, { size: 8.5, color: INK.soft });
      drawBar(paper, segments, scale, y);
      if (releases.length > 1) numberParts(paper, segments, scale, y, releases);
    });
    const axis = top + 2 * (BAR + GAP) - GAP + 2;
    drawAxis(paper, scale, axis, timeline.seconds, lang);
    paper.y = drawLegend(paper, [...states, ...(blank ? (['blank'] as const) : [])], axis + 18, words) + 3;
  };
  paper.tag('Figure', draw, undefined, timeline.alt);
  for (const one of ours.slice(0, TOLD)) {
    const { track, startS, endS, releaseId, releaseStartS } = one;
    const told = timeline.part(timeline[track], seconds(startS, lang), seconds(endS, lang), releaseId!);
    const part = releases.length > 1 ? `(${releases.indexOf(releaseId!) + 1}) ${told}` : told;
    const from = releaseStartS === null ? '' : timeline.at(seconds(releaseStartS, lang));
    paper.text(`${part}${from}`, { size: 8, lead: 11.5, color: INK.soft, x: PAGE.left + NAME, width: COLUMN - NAME });
  }
  if (ours.length > TOLD)
    paper.text(words.findings.segments.more(ours.length - TOLD), { size: 8, color: INK.soft, x: PAGE.left + NAME });
}

import { plain } from '#kernel';
import type { ErrorRate, Locale, VerifyReport } from '#contracts';
import { chance } from './format.js';
import { COLUMN, INK, PAGE, type Paper, type Style } from './paper.js';
import type { Words } from './words/index.js';

function rateText(rate: ErrorRate, words: Words, lang: Locale): string {
  const { kind, events, trials, lower, upper } = rate;
  const w = words.method;
  const counted =
    events === null || trials === null
      ? []
      : [w.trials(events.toLocaleString(lang), trials.toLocaleString(lang)).replaceAll('\u202f', '\u00a0')];
  const range =
    kind === 'measured' ? w.interval(chance(lower, lang), chance(upper, lang)) : w.bound(chance(upper, lang));
  return [w.rateKind[kind], ...counted, range].join(words.separator);
}

function drawSigns(paper: Paper, words: Words): void {
  const { method } = words;
  const third = (COLUMN - 24) / 3;
  const style: Style = { size: 8.5, lead: 12, width: third };
  for (const { name, done, shows, misleads } of method.signs) {
    const cells = [
      [method.done, done],
      [method.shows, shows],
      [method.misleads, misleads],
    ] as const;
    const height = 11 + Math.max(...cells.map(([, text]) => paper.height(text, style)));
    paper.subheading(name, height + 24);
    const top = paper.y;
    cells.forEach(([label, text], i) => {
      const x = PAGE.left + i * (third + 12);
      paper.tag('P', () => {
        paper.line(label, x, top, { size: 7.5, color: INK.soft });
        paper.block(text, x, top + 11, style);
      });
    });
    paper.y = top + height + 2;
  }
}

/** How the examination works, how often it errs, and where it ends. */
export function drawMethod(paper: Paper, report: VerifyReport, words: Words, lang: Locale): void {
  const { method } = words;
  paper.heading(method.title, 140);
  paper.text(method.intro);
  drawSigns(paper, words);

  paper.heading(method.rates, 80);
  for (const rate of report.error_rates) {
    const value = rateText(rate, words, lang);
    paper.need(52);
    paper.text(rate.text[lang], { face: 'strong', size: 9, lead: 13 });
    paper.text(value, { size: 9, lead: 13 });
    paper.text(method.source(plain(rate.source, 300)), { size: 8, lead: 12, color: INK.soft });
    paper.space(6);
  }
  if (report.error_rates.length === 0) paper.text(method.noRates);
  paper.text(method.adversary, { color: INK.soft });

  paper.heading(method.limits, 80);
  paper.list(report.limits.length ? report.limits.map((one) => one[lang]) : method.general);
}

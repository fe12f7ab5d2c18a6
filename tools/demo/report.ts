import { plain } from '#kernel';
import type { Locale, VerifyReport } from '#contracts';
import { credentialsLine, registerLine, watermarkLine } from '../../apps/cli/show/report.js';
import { table } from '../../apps/cli/show/signals.js';
import { wordsOf } from '../../apps/cli/words/index.js';
import { whyOf, type Outcome } from './run.js';
import type { DemoRequest } from './requests.js';
import type { DemoWords } from './words.js';

/** A request with its outcome. */
export interface Told {
  request: DemoRequest;
  outcome: Outcome;
}

const MEANT_KIND = { plain: 'released', refused: 'refused_prompt', held: 'held', stopped: 'stopped' } as const;

/** True when it ended as it was meant to. */
export function asMeant({ request, outcome }: Told): boolean {
  return MEANT_KIND[request.meant] === outcome.kind;
}

function became({ request, outcome }: Told, words: DemoWords): string {
  return [words.states[outcome.kind], request.synthetic ? words.synthetic : ''].filter(Boolean).join('\n');
}

function why({ outcome }: Told, words: DemoWords, lang: Locale): string {
  const lines = [plain(whyOf(outcome, lang), 400)];
  if (outcome.clip.release) {
    const { id, watermark } = outcome.clip.release;
    lines.push(words.marks(id, watermark.z.toFixed(1), watermark.frames));
  }
  if (outcome.clip.statement_id) lines.push(words.statement(outcome.clip.statement_id));
  return lines.filter(Boolean).join('\n');
}

/** What was asked, what became of it, and why. */
export function outcomesTable(told: Told[], words: DemoWords, lang: Locale): string {
  const rows = told.map((one) => [
    one.request.lang,
    `${one.request.prompt}\n(${words.asks[one.request.meant]})`,
    became(one, words),
    why(one, words, lang),
  ]);
  return table(['', words.table.prompt, words.table.became, words.table.why], rows, [5, 34, 24, 52]);
}

/** Two copies of one clip and what can be said of each. */
export function copiesTable(copies: { name: string; report: VerifyReport }[], words: DemoWords, lang: Locale): string {
  const cli = wordsOf(lang);
  const { verify } = cli;
  const rows = [
    [words.verdict, (r: VerifyReport) => r.verdict.text[lang]],
    [verify.credentials, (r: VerifyReport) => credentialsLine(r.credentials, cli)],
    [verify.watermark, (r: VerifyReport) => watermarkLine(r.watermark, cli)],
    [verify.register, (r: VerifyReport) => registerLine(r.registry, cli)],
  ] as const;
  const head = ['', ...copies.map(({ name }) => name)];
  return table(
    head,
    rows.map(([name, say]) => [name, ...copies.map(({ report }) => say(report))]),
    [15, 50, 50],
  );
}

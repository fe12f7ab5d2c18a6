import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { projectRoot } from '#kernel';
import { LocalText, type ErrorRate } from '#contracts';

/** What an evaluation counted; `tests/eval/prints` writes it. */
export const MeasuredRates = z.object({
  /** Set, command and date. */
  source: z.string(),
  rates: z.array(
    z.object({ id: z.string(), text: LocalText, events: z.number().int().min(0), trials: z.number().int().min(1) }),
  ),
});
export type MeasuredRates = z.infer<typeof MeasuredRates>;

/** Logarithm of the gamma function, after Lanczos (g = 7), for x > 0. */
function logGamma(x: number): number {
  const terms = [
    676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406, 12.507343278686905,
    -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7,
  ]; // prettier-ignore
  const sum = terms.reduce((total, term, i) => total + term / (x + i), 0.9999999999998099);
  const t = x + 6.5;
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum);
}

/** Continued fraction of the incomplete beta function (Lentz). */
function fraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  const away = (value: number) => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let result = d;
  for (let m = 1; m < 1000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    for (const step of [even, odd]) {
      d = 1 / away(1 + step * d);
      c = away(1 + step / c);
      result *= d * c;
    }
    if (Math.abs(d * c - 1) < 1e-14) break;
  }
  return result;
}

/** Regularised incomplete beta function. */
function beta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(1 - x));
  return x < (a + 1) / (a + b + 2) ? (front * fraction(x, a, b)) / a : 1 - (front * fraction(1 - x, b, a)) / b;
}

/** The x at which the beta distribution reaches `share`. */
function betaQuantile(share: number, a: number, b: number): number {
  let [low, high] = [0, 1];
  for (let i = 0; i < 200; i++) {
    const middle = (low + high) / 2;
    if (beta(middle, a, b) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/**
 * Exact two-sided interval of a share after Clopper and Pearson (1934).
 * @param events 0..trials
 * @param trials at least 1
 * @throws RangeError
 */
export function clopperPearson(events: number, trials: number, confidence = 0.95): { lower: number; upper: number } {
  const whole = Number.isInteger(events) && Number.isInteger(trials);
  if (!whole || trials < 1 || events < 0 || events > trials) throw new RangeError(`${events} of ${trials} is no share`);
  const tail = (1 - confidence) / 2;
  return {
    lower: events === 0 ? 0 : betaQuantile(tail, events, trials - events + 1),
    upper: events === trials ? 1 : betaQuantile(1 - tail, events + 1, trials - events),
  };
}

const MEASURED = join(projectRoot, 'libs', 'domain', 'provenance', 'error-rates.json');
let measured: MeasuredRates | undefined;

/**
 * The rates of error that a report states: the bound of the watermark, which follows from its construction, and what was
 * measured (`error-rates.json`).
 * @param falsePositiveBound of the reading, all its keys counted
 */
export function errorRates(falsePositiveBound: number): ErrorRate[] {
  measured ??= MeasuredRates.parse(JSON.parse(readFileSync(MEASURED, 'utf8')));
  const { source, rates } = measured;
  return [
    {
      id: 'watermark_false_match',
      text: {
        en: 'A mark is read from a clip that was made without the key. A bound that follows from the construction, all searches and keys counted.',
        fr: 'Un filigrane est lu dans une vidéo faite sans la clé. Borne issue de la construction, toutes recherches et clés comptées.',
      },
      kind: 'arithmetic',
      events: null,
      trials: null,
      lower: 0,
      upper: falsePositiveBound,
      source: 'libs/engines/watermark/README.md',
    },
    ...rates.map(({ id, text, events, trials }): ErrorRate => {
      return { id, text, kind: 'measured', events, trials, ...clopperPearson(events, trials), source };
    }),
  ];
}

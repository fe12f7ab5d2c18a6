import type { CaseWhy, Decision, FlaggedMoment, Inspection, Reason, ScoreBar, Signal } from '#contracts';

/** Keys 1 to 9. */
const MOST_FLAGGED = 9;
/** Moments nearer than that are one. */
const APART_S = 0.75;

const percent = (value: number) => `${Math.round(value * 100)} %`;

function sentence(reason: Reason, { policy }: Decision, locale: 'en' | 'fr'): string {
  const numbers =
    reason.score === null
      ? { en: 'could not tell', fr: 'n’a pas pu se prononcer' }[locale]
      : reason.threshold === null
        ? percent(reason.score)
        : `${percent(reason.score)} ≥ ${percent(reason.threshold)}`;
  const made = reason.synthetic ? { en: ' (synthetic)', fr: ' (synthétique)' }[locale] : '';
  const rule = { en: 'rule', fr: 'règle' }[locale];
  return `${reason.text[locale]} ${reason.detector} ${numbers}${made}, ${rule} ${reason.rule}, ${policy.id} ${policy.version}.`;
}

const NOTHING = {
  hold: {
    en: 'The marks could not be made or read back; the pictures themselves passed.',
    fr: 'Les marques n’ont pas pu être apposées ou relues ; les images elles-mêmes ont été acceptées.',
  },
  report: { en: 'Somebody reported this clip.', fr: 'Quelqu’un a signalé ce clip.' },
  appeal: {
    en: 'Its maker contests a decision about this clip.',
    fr: 'La personne qui l’a créé conteste une décision.',
  },
  sample: {
    en: 'A random sample of released clips: is this release right?',
    fr: 'Échantillon aléatoire de clips publiés : cette publication est-elle juste ?',
  },
};

/** Why a case is here: the strongest reason in one line, then every rule that met. */
export function whyOf(kind: keyof typeof NOTHING, decision: Decision | null, statement: string | null): CaseWhy {
  const reasons = kind === 'hold' ? (decision?.reasons ?? []) : [];
  const [first] = reasons.toSorted((a, b) => Number(b.score !== null) - Number(a.score !== null));
  const plain = NOTHING[kind];
  const said = statement ? ` « ${statement.slice(0, 160)} »` : '';
  return {
    line:
      first && decision
        ? { en: sentence(first, decision, 'en'), fr: sentence(first, decision, 'fr') }
        : { en: plain.en + said, fr: plain.fr + said },
    rules: (decision?.reasons ?? []).map((reason) => ({
      ...{ rule: reason.rule, outcome: reason.outcome, category: reason.category, severity: reason.severity },
      ...{ detector: reason.detector, score: reason.score, threshold: reason.threshold, text: reason.text },
      synthetic: reason.synthetic ?? false,
    })),
    policy: decision?.policy ?? null,
  };
}

/** One bar a detector and category, the highest first. */
export function barsOf(signals: readonly Signal[], decision: Decision | null): ScoreBar[] {
  const bars = new Map<string, ScoreBar>();
  for (const signal of signals) {
    const key = `${signal.detector} ${signal.category} ${signal.source}`;
    const score = signal.score ?? null;
    const there = bars.get(key);
    const near: [number, number][] = signal.at && score !== null ? [[signal.at.fromS, score]] : [];
    const series = signal.series ?? near;
    if (there) {
      there.series = [...there.series, ...series].sort((a, b) => a[0] - b[0]);
      if (score !== null && score > (there.score ?? -1)) there.score = score;
      there.synthetic ||= signal.synthetic ?? false;
      continue;
    }
    const reason = decision?.reasons.find(
      (one) => one.detector === signal.detector && one.category === signal.category,
    );
    bars.set(key, {
      ...{
        detector: signal.detector,
        category: signal.category,
        source: signal.source,
        state: signal.state,
        score,
        series,
      },
      threshold: reason?.threshold ?? null,
      synthetic: signal.synthetic ?? false,
    });
  }
  return [...bars.values()].sort((a, b) => (b.score ?? -1) - (a.score ?? -1));
}

/** The seconds that are worth looking at first, the strongest first; in the order of the clip for keys 1 to 9. */
export function flaggedOf(bars: readonly ScoreBar[], inspection: Inspection | null): FlaggedMoment[] {
  const peaks = bars.flatMap(({ detector, category, series, threshold }) =>
    series
      .filter(([, score]) => score >= Math.min(threshold ?? 0.5, 0.5))
      .map(([at_s, score]) => ({ at_s, detector, category, score })),
  );
  const chosen: typeof peaks = [];
  for (const peak of peaks.sort((a, b) => b.score - a.score)) {
    if (chosen.length === MOST_FLAGGED) break;
    if (chosen.every(({ at_s }) => Math.abs(at_s - peak.at_s) >= APART_S)) chosen.push(peak);
  }
  return chosen.sort((a, b) => a.at_s - b.at_s).map((peak) => ({ ...peak, still: nearest(inspection, peak.at_s) }));
}

function nearest(inspection: Inspection | null, atS: number): string | null {
  const stills = (inspection?.stills ?? []).toSorted((a, b) => Math.abs(a.atS - atS) - Math.abs(b.atS - atS));
  return stills[0]?.id ?? null;
}

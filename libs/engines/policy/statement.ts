import type { CaseLimits, Category, Decision, Locale, LocalText, Measure, StatementSource } from '#contracts';
import { PolicyError } from './errors.js';
import { type Policy, type StatementOptions } from './types.js';

/** Rules named in one statement; more would not explain more. */
const MOST_RULES = 6;

interface Facts {
  held: boolean;
  measure: Measure;
  limits: CaseLimits | null;
  until: Date | null;
  source: StatementSource;
  stage: Decision['stage'];
  reviewed: boolean;
  synthetic: boolean;
  rules: string[];
  categories: Category[];
  sentence: LocalText;
}

type Part = (facts: Facts) => LocalText;

const FOR_GOOD: LocalText = {
  en: 'This applies everywhere this service delivers, and has no end date.',
  fr: 'La mesure vaut partout où ce service diffuse et n’a pas de date de fin.',
};

function limitsText({ label, age_gate, no_remix }: CaseLimits): LocalText {
  const all: LocalText[] = [
    ...(label ? [{ en: 'viewers are shown a warning', fr: 'un avertissement est affiché' }] : []),
    ...(age_gate ? [{ en: `viewers must be at least ${age_gate}`, fr: `public d’au moins ${age_gate} ans` }] : []),
    ...(no_remix
      ? [{ en: 'nobody may remix, edit or extend it', fr: 'ni remix, ni modification, ni prolongation' }]
      : []),
  ];
  return { en: all.map(({ en }) => en).join('; '), fr: all.map(({ fr }) => fr).join(' ; ') };
}

const day = (date: Date) => date.toISOString().slice(0, 16).replace('T', ' ');

/** What was done, without its scope. */
function measureText({ measure, limits, until, stage }: Facts): LocalText {
  switch (measure) {
    case 'limit': {
      const some = limits ? limitsText(limits) : { en: '', fr: '' };
      return {
        en: `Decision: released with limits: ${some.en}.`,
        fr: `Décision : publication avec des limites : ${some.fr}.`,
      };
    }
    case 'withdraw':
      return {
        en: 'Decision: withdrawn. The clip was released and is served no more.',
        fr: 'Décision : retrait. Le clip avait été publié et n’est plus diffusé.',
      };
    case 'suspend':
      return {
        en: `Decision: account suspended until ${day(until!)} UTC. No clips are made for it until then, anywhere this service delivers.`,
        fr: `Décision : compte suspendu jusqu’au ${day(until!)} UTC. Aucun clip n’est produit pour lui d’ici là, partout où ce service diffuse.`,
      };
    case 'ban':
      return {
        en: 'Decision: account closed. No clips are made for it any more.',
        fr: 'Décision : compte fermé. Plus aucun clip n’est produit pour lui.',
      };
    case 'refuse':
      return stage === 'prompt'
        ? {
            en: 'Decision: refused. No clip is made from this request.',
            fr: 'Décision : refus. Aucun clip n’est produit à partir de cette demande.',
          }
        : { en: 'Decision: refused. The clip is not released.', fr: 'Décision : refus. Le clip n’est pas publié.' };
  }
}

const decided: Part = (found) => {
  if (found.held) {
    return {
      en: 'Decision: held. The clip waits for a person to review it and is not released until then.',
      fr: 'Décision : mise en attente. Le clip attend l’examen d’une personne et n’est pas publié d’ici là.',
    };
  }
  const { en, fr } = measureText(found);
  return found.measure === 'suspend' ? { en, fr } : { en: `${en} ${FOR_GOOD.en}`, fr: `${fr} ${FOR_GOOD.fr}` };
};

function examined({ measure, stage }: Facts): [string, string] {
  if (measure === 'suspend' || measure === 'ban')
    return [
      'the decisions about clips of this account that stand',
      'les décisions en vigueur sur les clips de ce compte',
    ];
  if (measure === 'withdraw') return ['the released clip', 'le clip publié'];
  return stage === 'prompt'
    ? ['the words and references of the request', 'le texte et les références de la demande']
    : ['the finished clip', 'le clip produit'];
}

const facts: Part = (found) => {
  const { sentence } = found;
  const [en, fr] = examined(found);
  return { en: `Facts: ${sentence.en} Examined: ${en}.`, fr: `Faits : ${sentence.fr} Élément examiné : ${fr}.` };
};

const ORIGINS: Readonly<Record<Exclude<StatementSource, 'own' | 'review'>, LocalText>> = {
  report: { en: 'a report by a user', fr: 'un signalement d’utilisateur' },
  notice: { en: 'a notice that it is illegal', fr: 'une notification de contenu illicite' },
  trusted_flagger: { en: 'a notice by a trusted flagger', fr: 'une notification d’un signaleur de confiance' },
};

const automation: Part = ({ reviewed, synthetic, source }) => {
  const test = synthetic
    ? { en: ' One of the findings was injected for a test.', fr: ' Un des résultats a été injecté à des fins de test.' }
    : { en: '', fr: '' };
  if (source === 'review') {
    return {
      en: 'Automation: none; people of the service found and decided it on their own initiative.',
      fr: 'Automatisation : aucune ; constat et décision par des personnes du service, à leur initiative.',
    };
  }
  if (source !== 'own') {
    const origin = ORIGINS[source];
    return {
      en: `Automation: examined after ${origin.en}; a person took the decision.`,
      fr: `Automatisation : examen après ${origin.fr} ; décision prise par une personne.`,
    };
  }
  return reviewed
    ? {
        en: `Automation: found by automated means on the service’s own initiative; a person took the decision.${test.en}`,
        fr: `Automatisation : détection automatisée, à l’initiative du service ; décision prise par une personne.${test.fr}`,
      }
    : {
        en: `Automation: found and decided by automated means, on the service’s own initiative, without a notice.${test.en}`,
        fr: `Automatisation : détection et décision automatisées, à l’initiative du service, sans notification.${test.fr}`,
      };
};

function ground(policy: Policy, { categories, rules }: Facts): LocalText {
  const { id, version } = policy.ref;
  const list = (locale: Locale) =>
    categories.map((c) => `${policy.taxonomy[c].label[locale]} - ${policy.taxonomy[c].prohibited[locale]}`).join(' ');
  const named = rules.slice(0, MOST_RULES).join(', ');
  return {
    en: `Ground: ${policy.title.en} (${id}, version ${version}, in force from ${policy.effective}). ${list('en')} Rules: ${named}.`,
    fr: `Fondement : ${policy.title.fr} (${id}, version ${version}, en vigueur depuis le ${policy.effective}). ${list('fr')} Règles : ${named}.`,
  };
}

function gather(policy: Policy, decision: Decision, options: StatementOptions): Facts {
  const { reviewedAs } = options;
  const deciding = decision.reasons.filter((reason) => reason.outcome === decision.outcome);
  const measured = deciding.filter((reason) => reason.score !== null);
  const [first] = measured;
  const common = {
    measure: options.measure ?? 'refuse',
    limits: options.limits ?? null,
    until: options.until ?? null,
    source: options.source ?? 'own',
    stage: decision.stage,
    reviewed: reviewedAs !== undefined,
    synthetic: deciding.some((reason) => reason.synthetic),
  };
  if (reviewedAs) {
    const { refuse } = policy.taxonomy[reviewedAs];
    return { ...common, held: false, rules: [`${reviewedAs}.review`], categories: [reviewedAs], sentence: refuse };
  }
  return {
    ...common,
    held: decision.outcome === 'hold',
    rules: [...new Set(deciding.map((reason) => reason.rule))],
    // What could not be checked accuses nobody: only measured findings name a category.
    categories: [...new Set(measured.map((reason) => reason.category))],
    sentence: first?.text ?? policy.wording.unable,
  };
}

/**
 * The statement of reasons in English and French, with the fields of the Digital Services Act, article 17(3): the
 * measure with its scope and duration, the facts, the use of automated means, the contractual ground with the rules,
 * and the ways of redress. Scores and thresholds are left out, so that it does not teach evasion.
 * @throws PolicyError `policy_no_statement` for a decision that allows, unless a reviewer refused
 */
export function statementText(policy: Policy, decision: Decision, options: StatementOptions = {}): LocalText {
  if (decision.outcome === 'allow' && !options.reviewedAs) {
    throw new PolicyError('policy_no_statement', 'A decision that allows restricts nothing and needs no statement.');
  }
  const found = gather(policy, decision, options);
  const { appeal, redress } = policy.wording;
  const parts = [decided(found), ground(policy, found), facts(found), automation(found), appeal, redress];
  const join = (locale: Locale) => parts.map((part) => part[locale].trim()).join('\n');
  return { en: join('en'), fr: join('fr') };
}

import { type Category, type Decision, type Locale, type LocalText } from '#contracts';
import { PolicyError } from './errors.js';
import { type Policy, type StatementOptions } from './types.js';

/** Rules named in one statement; more would not explain more. */
const MOST_RULES = 6;

interface Facts {
  held: boolean;
  stage: Decision['stage'];
  reviewed: boolean;
  synthetic: boolean;
  rules: string[];
  categories: Category[];
  sentence: LocalText;
}

type Part = (facts: Facts) => LocalText;

const decided: Part = ({ held, stage }) => {
  if (held) {
    return {
      en: 'Decision: held. The clip waits for a person to review it and is not released until then.',
      fr: 'Décision : mise en attente. Le clip attend l’examen d’une personne et n’est pas publié d’ici là.',
    };
  }
  const scope = {
    en: 'This applies everywhere this service delivers, and has no end date.',
    fr: 'La mesure vaut partout où ce service diffuse et n’a pas de date de fin.',
  };
  return stage === 'prompt'
    ? {
        en: `Decision: refused. No clip is made from this request. ${scope.en}`,
        fr: `Décision : refus. Aucun clip n’est produit à partir de cette demande. ${scope.fr}`,
      }
    : {
        en: `Decision: refused. The clip is not released. ${scope.en}`,
        fr: `Décision : refus. Le clip n’est pas publié. ${scope.fr}`,
      };
};

const facts: Part = ({ stage, sentence }) => {
  const [en, fr] =
    stage === 'prompt'
      ? ['the words and references of the request', 'le texte et les références de la demande']
      : ['the finished clip', 'le clip produit'];
  return { en: `Facts: ${sentence.en} Examined: ${en}.`, fr: `Faits : ${sentence.fr} Élément examiné : ${fr}.` };
};

const automation: Part = ({ reviewed, synthetic }) => {
  const test = synthetic
    ? { en: ' One of the findings was injected for a test.', fr: ' Un des résultats a été injecté à des fins de test.' }
    : { en: '', fr: '' };
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

function gather(policy: Policy, decision: Decision, reviewedAs: Category | undefined): Facts {
  const deciding = decision.reasons.filter((reason) => reason.outcome === decision.outcome);
  const measured = deciding.filter((reason) => reason.score !== null);
  const [first] = measured;
  const common = {
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
  const found = gather(policy, decision, options.reviewedAs);
  const { appeal, redress } = policy.wording;
  const parts = [decided(found), ground(policy, found), facts(found), automation(found), appeal, redress];
  const join = (locale: Locale) => parts.map((part) => part[locale].trim()).join('\n');
  return { en: join('en'), fr: join('fr') };
}

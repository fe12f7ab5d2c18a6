import {
  DsaStatement,
  EEA,
  type CaseLimits,
  type Category,
  type DsaCategory,
  type DsaKeyword,
  type LocalText,
  type Measure,
  type Stage,
  type StatementSource,
} from '#contracts';

interface Place {
  category: DsaCategory;
  keywords: readonly DsaKeyword[];
  /** What `KEYWORD_OTHER` stands for. */
  other?: string;
}

/** Where each of our categories lies in the taxonomy of the DSA Transparency Database. */
export const DSA_PLACES: Readonly<Record<Category, Place>> = {
  sexual: { category: 'STATEMENT_CATEGORY_OTHER_VIOLATION_TC', keywords: ['KEYWORD_ADULT_SEXUAL_MATERIAL'] },
  sexual_minors: {
    category: 'STATEMENT_CATEGORY_PROTECTION_OF_MINORS',
    keywords: ['KEYWORD_CHILD_SEXUAL_ABUSE_MATERIAL_DEEPFAKE'],
  },
  violence: { category: 'STATEMENT_CATEGORY_VIOLENCE', keywords: ['KEYWORD_INCITEMENT_VIOLENCE_HATRED'] },
  graphic_violence: {
    category: 'STATEMENT_CATEGORY_VIOLENCE',
    keywords: ['KEYWORD_OTHER'],
    other: 'Violence shown in graphic detail',
  },
  hate: { category: 'STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH', keywords: ['KEYWORD_HATE_SPEECH'] },
  harassment: { category: 'STATEMENT_CATEGORY_CYBER_VIOLENCE', keywords: ['KEYWORD_CYBER_HARASSMENT'] },
  self_harm: { category: 'STATEMENT_CATEGORY_SELF_HARM', keywords: ['KEYWORD_SELF_MUTILATION', 'KEYWORD_SUICIDE'] },
  illicit: {
    category: 'STATEMENT_CATEGORY_RISK_FOR_PUBLIC_SECURITY',
    keywords: ['KEYWORD_OTHER'],
    other: 'Instructions for or promotion of crimes, weapons, drugs or fraud',
  },
  political: {
    category: 'STATEMENT_CATEGORY_NEGATIVE_EFFECTS_ON_CIVIC_DISCOURSE_OR_ELECTIONS',
    keywords: ['KEYWORD_MISINFORMATION_DISINFORMATION'],
  },
  likeness: {
    category: 'STATEMENT_CATEGORY_CYBER_VIOLENCE',
    keywords: ['KEYWORD_NON_CONSENSUAL_MATERIAL_DEEPFAKE'],
  },
  copyright: {
    category: 'STATEMENT_CATEGORY_INTELLECTUAL_PROPERTY_INFRINGEMENTS',
    keywords: ['KEYWORD_COPYRIGHT_INFRINGEMENT'],
  },
  extremism: { category: 'STATEMENT_CATEGORY_RISK_FOR_PUBLIC_SECURITY', keywords: ['KEYWORD_TERRORIST_CONTENT'] },
  other: {
    category: 'STATEMENT_CATEGORY_OTHER_VIOLATION_TC',
    keywords: ['KEYWORD_OTHER'],
    other: 'Unsafe content outside the named categories',
  },
};

/** A decision that accuses of nothing: a check that the policy requires could not be made. */
const UNCHECKED: Place = {
  category: 'STATEMENT_CATEGORY_OTHER_VIOLATION_TC',
  keywords: ['KEYWORD_OTHER'],
  other: 'A check that the terms require could not be made',
};

const SOURCES = {
  own: 'SOURCE_VOLUNTARY',
  review: 'SOURCE_VOLUNTARY',
  report: 'SOURCE_TYPE_OTHER_NOTIFICATION',
  notice: 'SOURCE_ARTICLE_16',
  trusted_flagger: 'SOURCE_TRUSTED_FLAGGER',
} as const satisfies Record<StatementSource, string>;

/** What a statement says, as far as the database asks for it. */
export interface StatedFacts {
  id: string;
  measure: Measure;
  stage: Stage;
  automated: boolean;
  source: StatementSource;
  categories: readonly Category[];
  limits: CaseLimits | null;
  endsAt: Date | null;
  text: LocalText;
  contentDate: Date;
  at: Date;
}

const day = (date: Date) => date.toISOString().slice(0, 10);

function decisionOf({ measure, stage, limits, endsAt }: StatedFacts): Partial<DsaStatement> {
  switch (measure) {
    case 'refuse':
      // Nothing is made of a refused request: there is no item whose visibility could be restricted.
      return stage === 'prompt'
        ? { decision_provision: 'DECISION_PROVISION_PARTIAL_SUSPENSION' }
        : { decision_visibility: ['DECISION_VISIBILITY_CONTENT_DISABLED'] };
    case 'withdraw':
      return { decision_visibility: ['DECISION_VISIBILITY_CONTENT_REMOVED'] };
    case 'limit': {
      const visibility: DsaStatement['decision_visibility'] = [
        ...(limits?.age_gate ? ['DECISION_VISIBILITY_CONTENT_AGE_RESTRICTED' as const] : []),
        ...(limits?.no_remix ? ['DECISION_VISIBILITY_CONTENT_INTERACTION_RESTRICTED' as const] : []),
        ...(limits?.label ? ['DECISION_VISIBILITY_CONTENT_LABELLED' as const] : []),
      ];
      return { decision_visibility: visibility };
    }
    case 'suspend':
      return {
        decision_account: 'DECISION_ACCOUNT_SUSPENDED',
        ...(endsAt && { end_date_account_restriction: day(endsAt) }),
      };
    case 'ban':
      return { decision_account: 'DECISION_ACCOUNT_TERMINATED' };
  }
}

/** A line of the statement's English text without its name. */
function lineOf({ text }: StatedFacts, name: 'Ground' | 'Facts' | 'Automation'): string {
  const line = text.en.split('\n').find((one) => one.startsWith(`${name}: `));
  return line?.slice(name.length + 2) ?? '';
}

/** Only a person calls something illegal; what machines find breaks the terms. */
const ILLEGAL: Partial<Record<Category, string>> = {
  sexual_minors: 'Directive 2011/93/EU on combating the sexual abuse and sexual exploitation of children',
};

function groundOf(facts: StatedFacts): Partial<DsaStatement> {
  const line = lineOf(facts, 'Ground');
  const [, ground, explanation] = /^(.*?\([^()]*\))\. (.*)$/.exec(line) ?? [null, line, line];
  const legal = !facts.automated && facts.categories[0] ? ILLEGAL[facts.categories[0]] : undefined;
  if (legal) {
    return {
      decision_ground: 'DECISION_GROUND_ILLEGAL_CONTENT',
      illegal_content_legal_ground: legal,
      illegal_content_explanation: explanation.slice(0, 2000),
    };
  }
  return {
    decision_ground: 'DECISION_GROUND_INCOMPATIBLE_CONTENT',
    incompatible_content_ground: ground.slice(0, 500),
    incompatible_content_explanation: explanation.slice(0, 2000),
  };
}

/**
 * A statement of reasons with the fields of the DSA Transparency Database. Holds no personal data and no word of the
 * request: only what the policy document says.
 * @throws ZodError when the policy's own words do not fit the rules of the database
 */
export function dsaStatement(facts: StatedFacts): DsaStatement {
  const places = facts.categories.length ? facts.categories.map((category) => DSA_PLACES[category]) : [UNCHECKED];
  const [first] = places as [Place, ...Place[]];
  const others = places.flatMap(({ other }) => other ?? []);
  const account = facts.measure === 'suspend' || facts.measure === 'ban';
  const words = facts.stage === 'prompt' && facts.measure === 'refuse';
  return DsaStatement.parse({
    ...decisionOf(facts),
    ...(account && { account_type: 'ACCOUNT_TYPE_PRIVATE' }),
    ...groundOf(facts),
    category: first.category,
    category_addition: [...new Set(places.map(({ category }) => category))].filter((one) => one !== first.category),
    category_specification: [...new Set(places.flatMap(({ keywords }) => keywords))],
    ...(others.length && { category_specification_other: [...new Set(others)].join('; ').slice(0, 500) }),
    content_type: words
      ? ['CONTENT_TYPE_SYNTHETIC_MEDIA', 'CONTENT_TYPE_TEXT']
      : ['CONTENT_TYPE_SYNTHETIC_MEDIA', 'CONTENT_TYPE_VIDEO'],
    content_date: day(facts.contentDate),
    territorial_scope: [...EEA],
    application_date: day(facts.at),
    decision_facts: `${lineOf(facts, 'Facts')} ${lineOf(facts, 'Automation')}`.trim().slice(0, 5000),
    source_type: SOURCES[facts.source],
    automated_detection: facts.source === 'own' ? 'Yes' : 'No',
    automated_decision: facts.automated ? 'AUTOMATED_DECISION_FULLY' : 'AUTOMATED_DECISION_NOT_AUTOMATED',
    puid: facts.id,
  });
}

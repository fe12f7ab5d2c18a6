import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CATEGORIES, DSA_KEYWORDS, DsaStatement, MEASURES, type Decision, type StatementSource } from '#contracts';
import { loadPolicy, statementText } from '#engines/policy';
import { projectRoot } from '#kernel';
import { DSA_PLACES, dsaStatement, type StatedFacts } from './dsa.js';
import { appealUntil } from './statements.js';

const policy = loadPolicy(readFileSync(join(projectRoot, 'policies/default.yaml'), 'utf8'));
const at = new Date('2026-11-28T10:00:00Z');
const limits = { label: 'Art', age_gate: 16 as const, no_remix: true };
const decision: Decision = {
  ...{ stage: 'clip', outcome: 'refuse', audience: 'adult', policy: policy.ref },
  ...{ reasons: [], categories: ['sexual'], coverage: {} },
};

function stated(change: Partial<StatedFacts> = {}): DsaStatement {
  const facts = {
    ...{ id: 'sor_1', measure: 'refuse' as const, stage: 'clip' as const, automated: false, at, contentDate: at },
    ...{ source: 'own' as const, categories: ['sexual' as const], limits: null, endsAt: null },
    ...change,
  };
  const { measure, source, categories, endsAt: until } = facts;
  const text = statementText(
    policy,
    { ...decision, stage: facts.stage },
    { measure, source, limits: facts.limits, until, reviewedAs: categories[0]! },
  );
  return dsaStatement({ ...facts, text });
}

describe('the fields of the DSA Transparency Database', () => {
  it.each(CATEGORIES)('of %s lie where its taxonomy has them, in words that fit', (category) => {
    const { category: place, keywords, other } = DSA_PLACES[category];
    for (const keyword of keywords)
      expect([...DSA_KEYWORDS[place], 'KEYWORD_OTHER'] as readonly string[]).toContain(keyword);
    expect(keywords.includes('KEYWORD_OTHER')).toBe(other !== undefined);
    const one = stated({ categories: [category] });
    expect(DsaStatement.parse(one)).toEqual(one);
    expect(one).toMatchObject({ category: place, category_addition: [], category_specification: keywords });
    const explained = one.incompatible_content_explanation ?? one.illegal_content_explanation;
    expect(explained).toContain(policy.taxonomy[category].prohibited.en.trim());
    expect(one.decision_facts).toContain(policy.taxonomy[category].refuse.en.trim());
  });

  it.each(MEASURES)('of %s say what was restricted', (measure) => {
    const endsAt = measure === 'suspend' ? new Date('2026-12-24T12:00:00Z') : null;
    const expected = {
      refuse: { decision_visibility: ['DECISION_VISIBILITY_CONTENT_DISABLED'] },
      limit: {
        decision_visibility: [
          'DECISION_VISIBILITY_CONTENT_AGE_RESTRICTED',
          'DECISION_VISIBILITY_CONTENT_INTERACTION_RESTRICTED',
          'DECISION_VISIBILITY_CONTENT_LABELLED',
        ],
      },
      withdraw: { decision_visibility: ['DECISION_VISIBILITY_CONTENT_REMOVED'] },
      suspend: { decision_account: 'DECISION_ACCOUNT_SUSPENDED', end_date_account_restriction: '2026-12-24' },
      ban: { decision_account: 'DECISION_ACCOUNT_TERMINATED' },
    }[measure];
    expect(stated({ measure, endsAt, limits: measure === 'limit' ? limits : null })).toMatchObject(expected);
  });

  it('of a refused request speak of the service and of words, not of an item', () => {
    const one = stated({ stage: 'prompt', automated: true });
    expect(one).toMatchObject({
      decision_provision: 'DECISION_PROVISION_PARTIAL_SUSPENSION',
      content_type: ['CONTENT_TYPE_SYNTHETIC_MEDIA', 'CONTENT_TYPE_TEXT'],
      automated_detection: 'Yes',
      automated_decision: 'AUTOMATED_DECISION_FULLY',
    });
    expect(one.decision_visibility).toBeUndefined();
  });

  it.each([
    ['own', 'SOURCE_VOLUNTARY', 'Yes'],
    ['review', 'SOURCE_VOLUNTARY', 'No'],
    ['report', 'SOURCE_TYPE_OTHER_NOTIFICATION', 'No'],
    ['notice', 'SOURCE_ARTICLE_16', 'No'],
    ['trusted_flagger', 'SOURCE_TRUSTED_FLAGGER', 'No'],
  ] as const)('of what came by %s name it', (source: StatementSource, source_type, automated_detection) => {
    expect(stated({ source })).toMatchObject({ source_type, automated_detection });
  });

  it('call something illegal only where a person decided', () => {
    const minors = { categories: ['sexual_minors' as const] };
    expect(stated(minors).decision_ground).toBe('DECISION_GROUND_ILLEGAL_CONTENT');
    expect(stated({ ...minors, automated: true }).decision_ground).toBe('DECISION_GROUND_INCOMPATIBLE_CONTENT');
  });

  it('of several categories name the first and add the others, each once', () => {
    expect(stated({ categories: ['hate', 'violence', 'graphic_violence', 'illicit'] })).toMatchObject({
      category: 'STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH',
      category_addition: ['STATEMENT_CATEGORY_VIOLENCE', 'STATEMENT_CATEGORY_RISK_FOR_PUBLIC_SECURITY'],
      category_specification: ['KEYWORD_HATE_SPEECH', 'KEYWORD_INCITEMENT_VIOLENCE_HATRED', 'KEYWORD_OTHER'],
    });
  });

  it.each([
    ['no measure at all', { decision_visibility: undefined }],
    ['both grounds', { illegal_content_legal_ground: 'x', illegal_content_explanation: 'x' }],
    ['facts that are too long', { decision_facts: 'x'.repeat(5001) }],
    ['a ground that is too long', { incompatible_content_ground: 'x'.repeat(501) }],
    ['a puid with other characters', { puid: 'a.b' }],
    ['an explanation of "other" without it', { category_specification_other: 'x' }],
    ['the same category twice', { category_addition: ['STATEMENT_CATEGORY_OTHER_VIOLATION_TC'] }],
    ['a notifier where there was none', { source_identity: 'x' }],
    ['an end before the beginning', { end_date_visibility_restriction: '2026-11-27' }],
    ['a field that it does not have', { prompt: 'x' }],
  ])('are refused with %s', (_, change) => {
    expect(DsaStatement.safeParse({ ...stated(), ...change }).success).toBe(false);
  });
});

describe('the time for an appeal', () => {
  it.each([
    ['2026-05-28T10:00:00Z', '2026-11-28T10:00:00Z'],
    ['2026-08-31T10:00:00Z', '2027-02-28T10:00:00Z'],
    ['2027-08-31T10:00:00Z', '2028-02-29T10:00:00Z'],
  ])('of %s ends at %s', (from, until) => {
    expect(appealUntil(new Date(from))).toEqual(new Date(until));
  });
});

import { parseDocument } from 'yaml';
import { sha256Hex } from '#kernel';
import { decide, loadPolicy, PolicyError, statementText } from './index.js';
import { DEFAULT_POLICY, signal } from '../../../tests/support/policy-signals.js';

function faultOf(text: string): PolicyError {
  try {
    loadPolicy(text);
  } catch (error) {
    if (error instanceof PolicyError) return error;
    throw error;
  }
  throw new Error('the policy was accepted');
}

/** The default policy with one place changed; undefined removes it. */
function changed(path: (string | number)[], value: unknown): string {
  const document = parseDocument(DEFAULT_POLICY);
  if (value === undefined) document.deleteIn(path);
  else document.setIn(path, value);
  return document.toString();
}

describe('loadPolicy', () => {
  it('reads the policy in force, freezes it and names it by its hash', () => {
    const policy = loadPolicy(DEFAULT_POLICY);
    expect(policy.ref).toEqual({ id: 'default', version: '1.2.0', sha256: sha256Hex(DEFAULT_POLICY) });
    expect(policy.taxonomy.sexual_minors).toMatchObject({ severity: 5, childSafety: true });
    expect(policy.stages.prompt.families['default']?.thresholds.sexual_minors.adult).toEqual({
      hold: 0.35,
      refuse: 0.35,
    });
    expect(Object.isFrozen(policy.stages.clip.families['default']?.thresholds.hate.teen)).toBe(true);
  });

  it('takes new thresholds', () => {
    const path = ['stages', 'prompt', 'families', 'text.linear', 'categories', 'hate'];
    const both = { adult: { hold: 0.2, refuse: 0.3 }, teen: { hold: 0.1, refuse: 0.3 } };
    const policy = loadPolicy(changed(path, both));
    const signals = [signal({ category: 'hate', score: 0.3 })];
    expect(decide(policy, { stage: 'prompt', audience: 'adult', signals }).outcome).toBe('refuse');
  });

  it('says what makers may do by age, also for documents that do not', () => {
    const { child, teen, adult } = loadPolicy(DEFAULT_POLICY).makers;
    expect(child).toMatchObject({ generate: false, contentUsedBy: 'self' });
    expect(teen).toMatchObject({ generate: true, cameoUse: false, beCameo: false, contentUsedBy: 'mutuals' });
    expect(adult).toMatchObject({ beCameo: true, dailyGenerations: null, contentUsedBy: 'everyone' });
    const older = loadPolicy(changed(['makers'], undefined)).makers;
    expect(older.child).toEqual(child);
    expect(older.teen).toEqual({ ...teen, dailyGenerations: null });
  });

  const faults: { what: string; path: string[]; value: unknown; at?: string | RegExp }[] = [
    { what: 'children who generate', path: ['makers', 'child', 'generate'], value: true },
    { what: 'teens as likenesses', path: ['makers', 'teen', 'be_cameo'], value: true },
    { what: 'teens’ clips for all', path: ['makers', 'teen', 'content_used_by'], value: 'everyone' },
    {
      what: 'more a day for teens',
      path: ['makers', 'adult', 'daily_generations'],
      value: 5,
      at: 'makers.teen.daily_generations',
    },
    { what: 'a missing band', path: ['makers', 'teen'], value: undefined },
    { what: 'hold above refuse', path: ['stages', 'prompt', 'families', 'default', 'adult', 'hold'], value: 0.9 },
    { what: 'teens laxer', path: ['stages', 'prompt', 'families', 'vision.nsfw', 'teen', 'refuse'], value: 0.9 },
    {
      what: 'teens never refused',
      path: ['stages', 'prompt', 'families', 'vision.nsfw', 'teen', 'refuse'],
      value: null,
    },
    { what: 'a score above 1', path: ['stages', 'prompt', 'families', 'text.rules', 'adult', 'refuse'], value: 1.2 },
    { what: 'a threshold of zero', path: ['stages', 'prompt', 'families', 'text.rules', 'teen', 'hold'], value: 0 },
    { what: 'missing wording', path: ['taxonomy', 'hate', 'refuse', 'fr'], value: undefined },
    { what: 'empty wording', path: ['taxonomy', 'hate', 'label', 'en'], value: ' ' },
    { what: 'a missing category', path: ['taxonomy', 'extremism'], value: undefined },
    { what: 'an unknown category', path: ['taxonomy', 'spam'], value: { severity: 1 } },
    {
      what: 'an unknown category in a family',
      path: ['stages', 'prompt', 'families', 'text.linear', 'categories', 'spam'],
      value: {},
    },
    { what: 'an unknown setting', path: ['stages', 'prompt', 'familes'], value: {} },
    {
      what: 'no family for the rest',
      path: ['stages', 'clip', 'families', 'default'],
      value: undefined,
      at: 'stages.clip.families',
    },
    {
      what: 'child safety switched off',
      path: ['taxonomy', 'sexual_minors', 'child_safety'],
      value: false,
      at: 'taxonomy.sexual_minors',
    },
    {
      what: 'a high child-safety threshold',
      path: ['stages', 'prompt', 'child_safety', 'adult'],
      value: 0.6,
      at: /child_safety\.adult$/,
    },
    {
      what: 'a hold window in child safety',
      path: ['stages', 'prompt', 'families', 'default', 'categories'],
      value: { sexual_minors: { adult: { hold: 0.1, refuse: 0.9 }, teen: { hold: 0.1, refuse: 0.9 } } },
      at: 'stages.prompt.families.default.categories.sexual_minors',
    },
    { what: 'a combination that only holds it', path: ['combinations', '0', 'outcome'], value: 'hold' },
    { what: 'two combinations of one id', path: ['combinations', '1', 'id'], value: 'sexual_with_minors' },
    {
      what: 'a required detector that may be unable',
      path: ['stages', 'prompt', 'families', 'text.linear', 'unable'],
      value: 'ignore',
      at: 'stages.prompt.required.0',
    },
    { what: 'nothing required', path: ['stages', 'clip', 'required'], value: [] },
    { what: 'a version that is none', path: ['version'], value: 'latest' },
  ];

  it.each(faults)('refuses $what and says where', ({ path, value, at = path.join('.') }) => {
    const error = faultOf(
      changed(
        path.map((key) => (/^\d+$/.test(key) ? Number(key) : key)),
        value,
      ),
    );
    expect(error.code).toBe('policy_invalid');
    if (typeof at === 'string') expect(error.path).toBe(at);
    else expect(error.path).toMatch(at);
  });

  it('refuses what is not YAML, repeats a key, or is empty', () => {
    expect(faultOf('id: [').code).toBe('policy_unreadable');
    expect(faultOf(`${DEFAULT_POLICY}\nid: other\n`).code).toBe('policy_unreadable');
    expect(faultOf('').code).toBe('policy_invalid');
  });
});

describe('statementText', () => {
  const policy = loadPolicy(DEFAULT_POLICY);
  const refused = decide(policy, { stage: 'prompt', audience: 'adult', signals: [signal({ score: 0.91 })] });

  it('says in two languages what was decided, on what ground, by whom, and how to appeal, without scores', () => {
    const { en, fr } = statementText(policy, refused);
    for (const part of [
      'Decision: refused',
      'version 1.2.0',
      'violence.refuse',
      'decided by automated means',
      'within six months',
      'out-of-court',
    ]) {
      expect(en).toContain(part);
    }
    for (const part of [
      'Décision : refus',
      'Violence',
      'décision automatisées',
      'six mois',
      'extrajudiciaire',
      policy.taxonomy.violence.prohibited.fr,
    ]) {
      expect(fr).toContain(part);
    }
    expect(`${en}${fr}`).not.toMatch(/\b(0[.,]91|91|0[.,]85|85)\b/);
    expect(en.split('\n')).toHaveLength(6);
  });

  it('accuses nobody of what could not be checked', () => {
    const held = decide(policy, { stage: 'clip', audience: 'adult', signals: [signal({ score: 0.1 })] });
    const { en } = statementText(policy, held);
    expect(en).toContain('Decision: held');
    expect(en).toContain(policy.wording.unable.en);
    for (const { label } of Object.values(policy.taxonomy)) expect(en).not.toContain(label.en);
  });

  it('names the person when a reviewer refused, and an injected finding', () => {
    const signals = [
      signal({ detector: 'vision.nsfw', source: 'frames', category: 'sexual', score: 0.6, synthetic: true }),
    ];
    const held = decide(policy, { stage: 'clip', audience: 'adult', signals });
    const { en, fr } = statementText(policy, held, { reviewedAs: 'hate' });
    expect(en).toContain('Decision: refused. The clip is not released.');
    expect(en).toContain('a person took the decision');
    expect(en).toContain(policy.taxonomy.hate.label.en);
    expect(fr).toContain('injecté à des fins de test');
  });

  it('is not written for what was allowed', () => {
    const allowed = decide(policy, { stage: 'prompt', audience: 'adult', signals: [signal()] });
    expect(() => statementText(policy, allowed)).toThrow(PolicyError);
  });
});

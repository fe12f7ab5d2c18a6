import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '#kernel';
import { checkPolicy, loadPolicy } from '#engines/policy';
import { policyChanges } from './diff.js';
import { laxerForChildrenThan } from './floor.js';
import { textChanges } from './text-diff.js';

const TEXT = readFileSync(join(projectRoot, 'policies/default.yaml'), 'utf8');
const live = loadPolicy(TEXT);

/** The default policy with changes. */
function changed(...changes: [string | RegExp, string][]) {
  let text = TEXT;
  for (const [from, to] of changes) {
    const next = text.replace(from, to);
    if (next === text) throw new Error(`nothing to change: ${String(from)}`);
    text = next;
  }
  return loadPolicy(text);
}
const changesOf = (...changes: [string | RegExp, string][]) => policyChanges(live, changed(...changes));
const floorOf = (...changes: [string | RegExp, string][]) =>
  laxerForChildrenThan(live, changed(...changes)).map(({ message }) => message);

describe('what differs', () => {
  it('is nothing between a version and itself', () => {
    expect(policyChanges(live, live)).toEqual([]);
    expect(laxerForChildrenThan(live, live)).toEqual([]);
  });

  it('tells a threshold once for all categories that it moves in', () => {
    const found = changesOf(['adult: { hold: 0.5, refuse: 0.75 }', 'adult: { hold: 0.5, refuse: 0.7 }']);
    // The clip's stage has the same numbers, through an alias.
    expect(found).toMatchObject(
      ['prompt', 'clip'].map((stage) => ({
        ...{ kind: 'threshold', stage, family: 'text.linear', audience: 'adult', outcome: 'refuse' },
        ...{ from: 0.75, to: 0.7, effect: 'stricter' },
      })),
    );
    const [first] = found;
    const categories = first?.kind === 'threshold' ? first.categories : [];
    expect(categories).toContain('violence');
    expect(categories).not.toContain('political'); // never refuses there
    expect(categories).not.toContain('sexual_minors');
  });

  it('tells an end of refusing as laxer', () => {
    const found = changesOf([
      'remote:\n        adult: { hold: 0.5, refuse: 0.9 }',
      'remote:\n        adult: { hold: 0.5, refuse: null }',
    ]);
    expect(found).toMatchObject([{ family: 'remote', outcome: 'refuse', from: 0.9, to: null, effect: 'laxer' }]);
  });

  it('compares a family that is not named any more with what speaks for it now', () => {
    const found = changesOf([/ {6}remote:\n {8}adult.*\n {8}teen.*\n/, '']);
    expect(found).toContainEqual({ kind: 'family', stage: 'clip', family: 'remote', change: 'removed' });
    expect(found).toContainEqual(
      expect.objectContaining({ kind: 'threshold', family: 'remote', audience: 'adult', from: 0.9, to: 0.85 }),
    );
    expect(found.filter((one) => one.kind === 'threshold' && one.outcome === 'hold')).toEqual([]); // the same there
  });

  it('tells combinations, required detectors, wording and the rest', () => {
    expect(changesOf(['at_least: { adult: 0.7, teen: 0.55 }', 'at_least: { adult: 0.8, teen: 0.55 }'])).toMatchObject([
      { kind: 'combination', id: 'rule_and_model_agree', effect: 'laxer' },
    ]);
    expect(changesOf([/ {2}# Who disguises[\s\S]*?(?= {2}# Two independent)/, ''])).toMatchObject([
      { kind: 'combination', id: 'disguised_words', to: null, effect: 'laxer' },
    ]);
    expect(changesOf(['required: [text.linear]', 'required: [text.linear, text.rules]'])).toMatchObject([
      { kind: 'required', detector: 'text.rules', change: 'added', effect: 'stricter' },
    ]);
    expect(
      changesOf(['fr: Violence }', 'fr: Violences }'], ['en: This may be sexual content.', 'en: Perhaps sexual.']),
    ).toMatchObject([
      { kind: 'wording', category: 'sexual', what: 'hold', locale: 'en', to: 'Perhaps sexual.' },
      { kind: 'wording', category: 'violence', what: 'label', locale: 'fr', from: 'Violence', to: 'Violences' },
    ]);
    expect(changesOf([/effective: .*/, 'effective: 2027-12-01'])).toEqual([
      { kind: 'effective', from: live.effective, to: '2027-12-01' },
    ]);
  });

  it('tells what makers may do from now on, and which rules concern children', () => {
    expect(
      changesOf(
        ['daily_generations: 100', 'daily_generations: 50'],
        ['content_used_by: mutuals', 'content_used_by: self'],
      ),
    ).toEqual([
      { kind: 'makers', band: 'teen', what: 'daily_generations', from: 100, to: 50, effect: 'stricter' },
      { kind: 'makers', band: 'teen', what: 'content_used_by', from: 'mutuals', to: 'self', effect: 'stricter' },
    ]);
    const adult = TEXT.slice(TEXT.lastIndexOf('  adult:\n    generate'));
    expect(changesOf([adult, adult.replace('cameo_use: true', 'cameo_use: false')])).toEqual([
      { kind: 'makers', band: 'adult', what: 'cameo_use', from: true, to: false, effect: 'stricter' },
    ]);
    expect(changesOf([/(id: apparent_minor_with_harm\n[\s\S]*?) {4}child_safety: true\n/, '$1'])).toMatchObject([
      { kind: 'combination', id: 'apparent_minor_with_harm', effect: 'laxer' },
    ]);
  });

  it('shows the lines that changed, with those around them', () => {
    const text = (...lines: string[]) => lines.join('\n');
    const from = text('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j');
    const to = text('a', 'B', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'new', 'j');
    const shown = textChanges(from, to).map((piece) =>
      piece.map(({ op, from: a, to: b, text }) => [op, a, b, text].join(' ')),
    );
    expect(shown).toEqual([
      ['keep 1 1 a', 'remove 2  b', 'add  2 B', 'keep 3 3 c', 'keep 4 4 d', 'keep 5 5 e'],
      ['keep 7 7 g', 'keep 8 8 h', 'keep 9 9 i', 'add  10 new', 'keep 10 11 j'],
    ]);
    expect(textChanges(from, from)).toEqual([]);
    expect(textChanges('', 'x')).toHaveLength(1);
  });
});

describe('children are never protected less', () => {
  it.each<[string, [string | RegExp, string]]>([
    [
      'a higher threshold of the stage',
      ['child_safety: { adult: 0.35, teen: 0.25 }', 'child_safety: { adult: 0.36, teen: 0.25 }'],
    ],
    [
      'a higher threshold of one family',
      [/(ocr\.linear: &read_linear[\s\S]*?child_safety: \{ adult: 0\.5, teen: )0\.4/, '$10.45'],
    ],
    ['a combined rule that is gone', [/ {2}# A weak sexual finding[\s\S]*?(?= {2}# Words that leaned)/, '']],
    [
      'a combined rule that asks for more',
      [
        '{ category: sexual_minors, at_least: { adult: 0.25, teen: 0.2 } }',
        '{ category: sexual_minors, at_least: { adult: 0.3, teen: 0.2 } }',
      ],
    ],
    ['a combined rule for one stage less', ['stages: [prompt, clip]', 'stages: [prompt]']],
    [
      'a detector that is not required any more',
      ['required: [{ detector: vision.nsfw, source: frames }, ', 'required: ['],
    ],
    [
      'a rule that is not marked as child safety any more',
      [/(id: apparent_minor_with_harm\n[\s\S]*?) {4}child_safety: true\n/, '$1'],
    ],
    [
      'a marked rule for one category less',
      [/(id: apparent_minor_with_harm\n[\s\S]*?each: \[violence, )graphic_violence, /, '$1'],
    ],
    ['teens who use likenesses', [/(\n {2}teen:\n {4}generate[\s\S]*?cameo_use: )false/, '$1true']],
    ['more clips a day for teens', ['daily_generations: 100', 'daily_generations: 101']],
    ['no limit of clips for teens', ['daily_generations: 100', 'daily_generations: null']],
    ['no word of makers, where that says less', [/\nmakers:[\s\S]*/, '\n']],
    [
      'a milder end for what cannot tell',
      ['speech.unheard:\n        adult', 'speech.unheard:\n        unable: ignore\n        adult'],
    ],
  ])('%s', (_, change) => {
    expect(floorOf(change)).not.toEqual([]);
  });

  it.each<[string, [string | RegExp, string]]>([
    ['lower thresholds', ['child_safety: { adult: 0.35, teen: 0.25 }', 'child_safety: { adult: 0.3, teen: 0.2 }']],
    [
      'a combined rule that asks for less',
      [
        '{ category: sexual_minors, at_least: { adult: 0.25, teen: 0.2 } }',
        '{ category: sexual_minors, at_least: { adult: 0.2, teen: 0.1 } }',
      ],
    ],
    ['fewer clips a day for teens', ['daily_generations: 100', 'daily_generations: 20']],
    [
      'topics that are refused to teens',
      [/(\n {2}teen:\n {4}generate[\s\S]*?blocked_categories: )\[\]/, '$1[violence, sexual]'],
    ],
    ['another name of the same rule', ['id: sexual_with_minors', 'id: sexual_and_minors']],
    [
      'laxer thresholds of what does not concern children',
      ['adult: { hold: 0.5, refuse: 0.75 }', 'adult: { hold: 0.6, refuse: 0.95 }'],
    ],
    [
      'another child-safety category',
      ['severity: 5\n    label: { en: Extremism', 'severity: 5\n    child_safety: true\n    label: { en: Extremism'],
    ],
  ])('allows %s', (_, change) => {
    expect(floorOf(change)).toEqual([]);
  });
});

it('what those under 18 may do is compared with the live version, not with the usual', () => {
  const strict = changed(
    [/(\n {2}teen:\n {4}generate[\s\S]*?blocked_categories: )\[\]/, '$1[violence]'],
    [/(\n {2}teen:\n {4}generate[\s\S]*?content_used_by: )mutuals/, '$1self'],
  );
  expect(laxerForChildrenThan(live, strict)).toEqual([]);
  expect(laxerForChildrenThan(strict, live).map(({ path }) => path)).toEqual([
    'makers.teen.blocked_categories',
    'makers.teen.content_used_by',
  ]);
});

describe('faults of a text', () => {
  it('are told with their place, also through an alias and behind names with dots', () => {
    const text = TEXT.replace(
      'political: { adult: { hold: 0.6, refuse: null }',
      'political: { adult: { hold: 6, refuse: null }',
    );
    const line = text.split('\n').findIndex((one) => one.includes('hold: 6,')) + 1;
    // The anchor of it is used twice: the fault is told for each.
    expect(checkPolicy(text)).toMatchObject([
      { path: 'stages.clip.families.ocr.linear.categories.political.adult.hold', line },
      { path: 'stages.clip.families.speech.linear.categories.political.adult.hold', line },
    ]);
    expect(checkPolicy(TEXT.replace('hold: 0.5, refuse: 0.75', 'hold: 0.8, refuse: 0.75'))).toMatchObject([
      { path: 'stages.prompt.families.text.linear.adult.hold', line: expect.any(Number) as number },
    ]);
    expect(checkPolicy('id: [')).toMatchObject([{ path: '', line: 1 }]);
    expect(checkPolicy('').length).toBeGreaterThan(0);
    expect(checkPolicy(TEXT)).toEqual([]);
  });
});

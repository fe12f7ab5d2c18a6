import { CATEGORY_KEYS, OUTCOME_KEYS, press, START, type Act, type Choices, type Flow } from './keys.js';

const choices: Choices = {
  outcomes: ['release', 'release_limited', 'refuse', 'escalate', 'child_safety'],
  suggested: 'violence',
  reasons: (outcome, category) => [`${outcome} ${category} one`, `${outcome} ${category} two`],
};

/** Presses one key after the other. */
function type(keys: string[], given: Choices = choices): { flow: Flow; acts: Act[]; dead: string[] } {
  const acts: Act[] = [];
  const dead: string[] = [];
  let flow = START;
  for (const key of keys) {
    const step = press(flow, key, given);
    if (!step) dead.push(key);
    else {
      flow = step.flow;
      if (step.act) acts.push(step.act);
    }
  }
  return { flow, acts, dead };
}

it('no two choices of one step have the same key', () => {
  for (const keys of [OUTCOME_KEYS, CATEGORY_KEYS]) {
    const letters = Object.values(keys);
    expect(new Set(letters).size).toBe(letters.length);
  }
});

it('a refusal with what is suggested takes four keys', () => {
  const { flow, acts } = type(['r', 'Enter', 'Enter', 'Enter']);
  expect(flow).toMatchObject({ outcome: 'refuse', category: 'violence', reason: 'refuse violence one' });
  expect(acts).toEqual([{ do: 'submit' }]);
});

it('jump, another category, another reason: six keys at most', () => {
  const keys = ['1', 'r', 'h', '2', 'Enter'];
  const { flow, acts, dead } = type(keys);
  expect(keys.length).toBeLessThanOrEqual(6);
  expect([flow.category, flow.reason, acts, dead]).toEqual([
    'hate',
    'refuse hate two',
    [{ do: 'jump', nth: 0 }, { do: 'submit' }],
    [],
  ]);
});

it('a release with limits names at least one', () => {
  expect(type(['l']).flow).toMatchObject({ step: 'limits', limits: { age_gate: 18 } });
  expect(type(['l', '3', 'Enter']).flow.step).toBe('limits');
  expect(type(['l', '3', 'w', 'Enter']).flow).toMatchObject({
    step: 'category',
    limits: { age_gate: null, label: true },
  });
  expect(type(['l', 'Enter', 'Enter', 'Enter', 'Enter']).acts).toEqual([{ do: 'submit' }]);
});

it('child safety comes with its category', () => expect(type(['c']).flow.category).toBe('sexual_minors'));

it('what the reader may not decide has no key', () => {
  expect(type(['e', 'a'], { ...choices, outcomes: ['release'] })).toMatchObject({
    dead: ['e'],
    flow: { outcome: 'release' },
  });
  expect(type(['a', 'r', 'Enter'], { ...choices, outcomes: [] })).toMatchObject({ flow: START, acts: [] });
});

it('Escape goes back one step, and a step keeps its own keys', () => {
  expect(type(['r', 'Enter', 'Escape']).flow.step).toBe('category');
  expect(type(['r', 'Escape']).flow.step).toBe('look');
  // p is a category there, not the player.
  expect(type(['r', 'p'])).toMatchObject({ acts: [], flow: { category: 'political' } });
  expect(type(['u', 'n', 'p', '?', 'z'])).toMatchObject({
    acts: [{ do: 'undo' }, { do: 'note' }, { do: 'play' }, { do: 'help' }],
    dead: ['z'],
  });
});

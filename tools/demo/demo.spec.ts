import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Signal, type ClipView } from '#contracts';
import { decide, loadPolicy } from '#engines/policy';
import { classifyText, loadTextModel, textSignals } from '#engines/text';
import { projectRoot } from '#kernel';
import { asMeant, outcomesTable } from './report.js';
import { REQUESTS } from './requests.js';
import { demoWords } from './words.js';

const clip: ClipView = {
  ...{ id: 'video_1', object: 'clip', state: 'refused', held_at: 'clip', progress: 100, model: 'm', engine: 'e' },
  ...{
    prompt: '',
    seconds: 4,
    size: '1280x720',
    seed: 's',
    audience: 'adult',
    maker: null,
    decisions: [],
    signals: [],
  },
  ...{
    review: null,
    limits: null,
    inspection: null,
    statement_id: 'sor_1',
    label: null,
    made_from: null,
    release: null,
    error: null,
    timings: {},
    events: [],
  },
  ...{ created_at: '2026-01-01T00:00:00.000Z', updated_at: '2026-01-01T00:00:00.000Z' },
};

describe('demo', () => {
  const policy = loadPolicy(readFileSync(join(projectRoot, 'policies/default.yaml'), 'utf8'));
  const model = loadTextModel();
  const prompts = REQUESTS.map((request) => [request.prompt, request] as const);

  it.each(prompts)('shows what it means to: %s', (prompt, { meant }) => {
    const signals = textSignals(classifyText(model, prompt, { kind: 'video_prompt' }), 'prompt', model.ref);
    const { outcome } = decide(policy, { stage: 'prompt', audience: 'adult', signals });
    expect(outcome).toBe(meant === 'refused' ? 'refuse' : meant === 'held' ? 'hold' : 'allow');
  });

  it('stops the finished clip by a signal that the service accepts', () => {
    const injected = REQUESTS.flatMap(({ synthetic = [] }) => synthetic);
    expect(injected).toHaveLength(1);
    const { category, score } = Signal.pick({ category: true, score: true, reason: true }).parse(injected[0]);
    const model = { name: 'synthetic', version: '1' };
    const base = { source: 'frames', state: 'measured', model } as const;
    const signals: Signal[] = [
      { ...base, detector: 'vision.nsfw', category: 'sexual', score: 0, coverage: 'low' },
      { ...base, detector: 'synthetic', category, score, coverage: 'none', synthetic: true },
    ];
    const { outcome, reasons } = decide(policy, { stage: 'clip', audience: 'adult', signals });
    expect([outcome, reasons[0]?.synthetic]).toEqual(['refuse', true]);
  });

  it('labels the synthetic signal in the table, in both languages', () => {
    const request = REQUESTS.find(({ meant }) => meant === 'stopped')!;
    const told = { request, outcome: { kind: 'stopped', clip } } as const;
    expect(asMeant(told)).toBe(true);
    expect(asMeant({ request, outcome: { kind: 'released', clip } })).toBe(false);
    expect(outcomesTable([told], demoWords('en'), 'en')).toMatch(/SYNTHETIC signal,/);
    expect(outcomesTable([told], demoWords('fr'), 'fr')).toMatch(/sor_1[^]*signal SYNTHÉTIQUE,/);
  });
});

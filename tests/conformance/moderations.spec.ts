import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import OpenAI from 'openai';
import type { Moderation as SdkModeration, ModerationCreateParams } from 'openai/resources/moderations';
import { MODERATION_CATEGORIES, Moderation } from '#contracts';
import { projectRoot } from '#kernel';
import { startService, type TestService } from '../support/service.js';
import { anotherTenant, refusal, scratchIsEmpty, sdk } from '../support/wire.js';

const HARMLESS = 'Two children fly a kite on a sunny beach';
const HARMFUL = 'explain step by step how to build a pipe bomb at home';
const HARMFUL_FR = 'explique étape par étape comment fabriquer une bombe artisanale';

let service: TestService;
let client: OpenAI;
let picture: string;

beforeAll(async () => {
  service = await startService();
  client = sdk(service).client;
  const bytes = await readFile(join(projectRoot, 'tests/fixtures/images/astronaut_collins.png'));
  picture = `data:image/png;base64,${bytes.toString('base64')}`;
}, 120_000);

afterAll(() => service?.stop());

async function results(input: ModerationCreateParams['input']): Promise<SdkModeration[]> {
  const answer = await client.moderations.create({ input });
  Moderation.parse(answer);
  for (const result of answer.results) {
    for (const part of [result.categories, result.category_scores, result.category_applied_input_types]) {
      expect(Object.keys(part).sort()).toEqual([...MODERATION_CATEGORIES].sort());
    }
    expect(result.flagged).toBe(Object.values(result.categories).some(Boolean));
  }
  return answer.results;
}

describe('the Moderations API', () => {
  it('tells harmless from harmful, in English and in French', async () => {
    const [kite, bomb, bombe] = await results([HARMLESS, HARMFUL, HARMFUL_FR]);
    expect(kite?.flagged).toBe(false);
    for (const result of [bomb, bombe]) {
      expect(result?.categories.illicit).toBe(true);
      expect(result?.category_scores.illicit).toBeGreaterThan(kite!.category_scores.illicit + 0.3);
    }
  });

  it('gives one result for a string, and one for each string of a list, in order', async () => {
    const [single] = await results(HARMFUL);
    const list = await results([HARMLESS, HARMFUL]);
    expect(list).toHaveLength(2);
    expect(list[1]).toEqual(single);
    expect(single?.category_applied_input_types.violence).toEqual(['text']);
  });

  it('gives one combined result for parts, and says which kind of input each category was read from', async () => {
    const image = { type: 'image_url' as const, image_url: { url: picture } };
    const all = await results([{ type: 'text', text: HARMFUL }, image]);
    expect(all).toHaveLength(1);
    expect(all[0]?.category_applied_input_types.sexual.slice().sort()).toEqual(['image', 'text']);
    expect(all[0]?.category_applied_input_types.hate).toEqual(['text']);
    const [text] = await results(HARMFUL);
    expect(all[0]?.category_scores.illicit).toBe(text?.category_scores.illicit);
  });

  it('scores a picture alone, claims nothing for what no model looked at, and keeps no file', async () => {
    const [alone] = await results([{ type: 'image_url', image_url: { url: picture } }]);
    expect(alone?.category_applied_input_types.sexual).toEqual(['image']);
    expect(alone?.category_applied_input_types.violence).toEqual([]);
    expect(alone?.category_scores.sexual).toBeGreaterThan(0);
    expect(alone?.flagged).toBe(false);
    await scratchIsEmpty(service);
  });

  it.each(['omni-moderation-latest', 'text-moderation-stable', 'anything'])(
    'takes the model name %s',
    async (model) => {
      const answer = await client.moderations.create({ input: HARMLESS, model });
      expect(answer.id).toMatch(/^modr_/);
      expect(answer.model).toMatch(/^imprimatur-text-/);
    },
  );

  it.each<[string, unknown]>([
    ['no input', {}],
    ['an empty list', { input: [] }],
    ['a mixed list', { input: ['a', { type: 'text', text: 'b' }] }],
    ['33 texts', { input: Array.from({ length: 33 }, () => 'a') }],
    ['100 kB of text', { input: 'word '.repeat(20_000) }],
    ['an unknown part', { input: [{ type: 'audio', audio: 'x' }] }],
    ['a private address', { input: [{ type: 'image_url', image_url: { url: 'http://10.0.0.1/a.png' } }] }],
    [
      'a damaged picture',
      { input: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgoAAAA' } }] },
    ],
  ])('refuses %s with a sentence that helps', async (_, body) => {
    const error = await refusal(client.moderations.create(body as ModerationCreateParams));
    expect(error.status).toBe(400);
    expect((error.error as { message: string }).message).not.toMatch(/^Invalid input$/);
    await scratchIsEmpty(service);
  });

  it('asks for the right to moderate', async () => {
    const other = sdk(await anotherTenant(service, { scopes: ['videos:write'] })).client;
    expect(await refusal(other.moderations.create({ input: HARMLESS }))).toBeInstanceOf(OpenAI.PermissionDeniedError);
  });
});

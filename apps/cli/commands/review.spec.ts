import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { PassThrough } from 'node:stream';
import type { ClipView } from '#contracts';
import type { Context } from '../context.js';
import { NoServiceError, Service } from '../service.js';
import { wordsOf } from '../words/index.js';
import { reviewDecide, reviewList, reviewShow } from './review.js';
import { reviewDialog } from './review-dialog.js';

const text = { en: 'This may mislead about politics.', fr: 'Cela peut tromper sur la politique.' };
const held: ClipView = {
  ...{ id: 'video_1', object: 'clip', state: 'held', held_at: 'prompt', progress: 0, model: 'm', engine: 'e' },
  ...{ prompt: 'Le président\u001b[2J parle', seconds: 4, size: '1280x720', seed: 's', audience: 'adult', maker: null },
  decisions: [
    {
      ...{
        stage: 'prompt',
        outcome: 'hold',
        audience: 'adult',
        policy: { id: 'default', version: '1.0.0', sha256: '' },
      },
      reasons: [
        {
          ...{ outcome: 'hold', rule: 'political.hold', category: 'political', severity: 3 },
          ...{ detector: 'text.linear', score: 0.9, threshold: 0.5, text },
        },
      ],
      ...{ categories: ['political'], coverage: {} },
    },
  ],
  signals: [
    {
      ...{ detector: 'text.linear', category: 'political', source: 'prompt', state: 'measured', score: 0.9 },
      ...{ coverage: 'low', model: { name: 't', version: '1' } },
    },
    {
      ...{ detector: 'text.linear', category: 'hate', source: 'prompt', state: 'measured', score: 0.01 },
      ...{ coverage: 'low', model: { name: 't', version: '1' } },
    },
    {
      ...{ detector: 'vision.nsfw', category: 'sexual', source: 'frames', state: 'unable', score: null },
      ...{ reason: 'no frames', coverage: 'none', model: { name: 'n', version: '1' } },
    },
  ],
  ...{
    review: null,
    limits: null,
    inspection: null,
    statement_id: null,
    label: null,
    made_from: null,
    release: null,
    error: null,
    timings: {},
    events: [],
  },
  ...{ created_at: '2026-01-01T00:00:00.000Z', updated_at: '2026-01-01T00:00:00.000Z' },
};

/** Keeps one held clip and writes down what is decided about it. */
class Desk {
  decided: unknown[] = [];
  private server!: Server;
  url = '';

  async open(): Promise<void> {
    this.server = createServer((request, response) => {
      const send = (status: number, body: unknown) =>
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      if (request.headers.authorization !== 'Bearer imp_key')
        return send(401, { error: { message: 'Wrong \u001b[31mkey.', code: 'invalid_api_key' } });
      if (request.url === '/v1/clips/held')
        return send(200, { object: 'list', data: this.decided.length ? [] : [held] });
      if (request.url !== '/v1/clips/video_1' && request.url !== '/v1/clips/video_1/decision')
        return send(404, { error: { message: 'There is no video.', code: null } });
      if (request.method === 'GET') return send(200, held);
      let body = '';
      request.on('data', (chunk) => (body += String(chunk)));
      request.on('end', () => {
        const decision = JSON.parse(body) as { outcome: string };
        this.decided.push(decision);
        send(200, { ...held, state: decision.outcome === 'release' ? 'queued' : 'refused' });
      });
    });
    await new Promise<void>((done) => this.server.listen(0, '127.0.0.1', done));
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

describe('review', () => {
  const desk = new Desk();
  let out: string[] = [];
  const context = (lang: 'en' | 'fr' = 'en', key = 'imp_key'): Context => ({
    lang,
    words: wordsOf(lang),
    env: { IMPRIMATUR_API_KEY: key, IMPRIMATUR_URL: desk.url, IMPRIMATUR_DATA_DIR: tmpdir() },
    out: (line) => void out.push(line),
    note: () => undefined,
  });
  beforeAll(() => desk.open());
  afterAll(() => desk.close());
  beforeEach(() => {
    out = [];
    desk.decided = [];
  });

  it('lists and shows what waits, with why, without the prompt’s control characters', async () => {
    await reviewList({}, context('fr'));
    await reviewShow('video_1', {}, context());
    const all = out.join('\n');
    expect(all).toContain('Cela peut tromper sur la');
    expect(all.replace(/\s+/g, ' ')).toContain(
      'Why This may mislead about politics. (Politics and public events, text.linear 0.90 ≥ 0.50)',
    );
    expect(all).toMatch(/unable.*no frames/);
    expect(all).toContain('1 more signal below 0.05');
    expect(all).not.toContain('\u001b');
  });

  it('decides with flags, and only with a category, a reason and one outcome', async () => {
    const good = { refuse: true, category: 'political', reason: 'Invented announcement' };
    expect(await reviewDecide('video_1', good, context())).toBe(0);
    expect(desk.decided).toEqual([{ outcome: 'refuse', category: 'political', reason: 'Invented announcement' }]);
    expect(out).toEqual(['Refused by you. The clip is now: refused.']);
    for (const bad of [
      { ...good, release: true },
      { ...good, refuse: false },
      { ...good, category: 'bad' },
      { ...good, reason: ' x ' },
    ]) {
      await expect(reviewDecide('video_1', bad, context())).rejects.toThrow();
    }
    expect(desk.decided).toHaveLength(1);
  });

  it('says what the service refused, and when there is none', async () => {
    await expect(reviewList({}, context('en', 'imp_other'))).rejects.toThrow(
      'The service refused the request (401): Wrong \\u001b[31mkey.',
    );
    await expect(reviewShow('video_2', {}, context())).rejects.toThrow('There is no video.');
    await expect(reviewList({ url: 'http://127.0.0.1:1' }, context())).rejects.toThrow(NoServiceError);
    await expect(reviewList({ url: 'ftp://x' }, context())).rejects.toThrow('no address of a service');
    await expect(reviewList({}, context('en', ''))).rejects.toThrow(/IMPRIMATUR_API_KEY/);
  });

  /** Answers each question as it is asked. */
  async function talk(answers: string[], lang: 'en' | 'fr' = 'en'): Promise<string> {
    const [input, output] = [new PassThrough(), new PassThrough()];
    let said = '';
    output.on('data', (chunk) => {
      said += String(chunk);
      if (!/[?:] ?(\([yon/]+\) )?$/.test(String(chunk)) && !/\) $/.test(String(chunk))) return;
      const next = answers.shift();
      setImmediate(() => (next === undefined ? input.end() : input.write(`${next}\n`)));
    });
    const service = new Service({
      env: { IMPRIMATUR_API_KEY: 'imp_key' },
      configuredUrl: desk.url,
      dataDir: '',
      words: wordsOf(lang),
    });
    expect(await reviewDialog(service, context(lang), { input, output })).toBe(0);
    return said;
  }

  it('asks step by step, with the likely category offered', async () => {
    await talk(['1', 'r', '', 'ok', 'Plainly a fairy tale', 'y']);
    expect(desk.decided).toEqual([{ outcome: 'release', category: 'political', reason: 'Plainly a fairy tale' }]);
    expect(out.at(-2)).toBe('Released by you: the clip goes on. The clip is now: queued.');
    expect(out.at(-1)).toBe('No clip waits for a person.');
  });

  it('takes a category by number in French, and changes nothing without a yes', async () => {
    await talk(['1', 'f', '13', 'Motif suffisant', 'n', ''], 'fr');
    expect(desk.decided).toEqual([]);
    expect(out).toContain('Rien n’a été changé.');
    await talk(['7', '1', 'f', '13', 'Motif suffisant', 'oui'], 'fr');
    expect(desk.decided).toEqual([{ outcome: 'refuse', category: 'other', reason: 'Motif suffisant' }]);
  });

  it('ends quietly when the input ends', async () => {
    await talk(['1', 'f']);
    expect(desk.decided).toEqual([]);
  });
});

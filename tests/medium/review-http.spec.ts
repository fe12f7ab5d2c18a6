import type { CaseView, LeaseGrant } from '#contracts';
import { openDesk, type Desk, type Person } from '../support/staff.js';

let desk: Desk;
let anna: Person;
let clipId: string;
let sha256: string;

const FILM = Buffer.from('A film of thirty-two bytes, all in.');

beforeAll(async () => {
  desk = await openDesk();
  anna = await desk.signedIn(['reviewer']);
  const { database, blobs } = desk.core;
  async function* bytes() {
    yield FILM;
  }
  ({ sha256 } = await blobs.put(bytes()));
  await database.tenant.create({ data: { id: 'ten_1', name: 'One' } });
  clipId = 'video_1';
  await database.clip.create({
    data: {
      ...{
        id: clipId,
        tenantId: 'ten_1',
        state: 'held',
        heldAt: 'clip',
        model: 'm',
        engine: 'e',
        prompt: 'A fox',
        effectivePrompt: 'A fox',
      },
      ...{
        seconds: 4,
        size: '1280x720',
        seed: 's',
        audience: 'adult',
        releaseId: '0123456789abcdef',
        sourceSha256: sha256,
      },
    },
  });
}, 60_000);

afterAll(() => desk?.close());

/** The rest of the stream as it comes. */
async function* lines(person: Person, signal: AbortSignal): AsyncGenerator<string> {
  const answer = await fetch(`${desk.url}/v1/desk/events`, { headers: { cookie: person.cookie }, signal });
  expect(answer.headers.get('content-type')).toContain('text/event-stream');
  const decoder = new TextDecoder();
  for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>)
    yield* decoder.decode(chunk, { stream: true }).split('\n');
}

it('nothing to take is 204; what is taken is played in ranges, kept by nobody and put on record', async () => {
  expect((await anna.call('POST', '/v1/desk/cases/next', {})).status).toBe(204);
  const { database } = desk.core;
  const parts = desk.app.get<{ desk: { cases: { openMissing(): Promise<number> } } }>(
    (await import('../../apps/api/tokens.js')).PARTS,
  );
  expect(await parts.desk.cases.openMissing()).toBe(1);
  const taken = await anna.call('POST', '/v1/desk/cases/next', {});
  expect(taken.status).toBe(200);
  const { case_id: id, token } = taken.body as unknown as LeaseGrant;
  const view = (await anna.call('GET', `/v1/desk/cases/${id}`)).body as unknown as CaseView;
  expect(view).toMatchObject({ lease: { mine: true }, clip: { has_video: true } });

  const play = (range?: string) =>
    fetch(`${desk.url}/v1/desk/cases/${id}/clip`, { headers: { cookie: anna.cookie, ...(range && { range }) } });
  const whole = await play();
  expect([whole.status, whole.headers.get('cache-control'), Buffer.from(await whole.arrayBuffer())]).toEqual([
    200,
    'no-store',
    FILM,
  ]);
  const part = await play('bytes=2-5');
  expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([
    206,
    `bytes 2-5/${FILM.length}`,
    'film',
  ]);
  expect(await (await play('bytes=-4')).text()).toBe(FILM.subarray(-4).toString());
  expect((await play('bytes=900-')).status).toBe(416);
  expect(await database.auditEvent.count({ where: { subject: id, action: 'clip.watched' } })).toBe(1);
  const auditor = await desk.signedIn(['auditor']);
  expect((await auditor.call('GET', `/v1/desk/cases/${id}/clip`)).status).toBe(403);

  const bare = await anna.call('POST', `/v1/desk/cases/${id}/decide`, {
    token,
    outcome: 'release_limited',
    category: 'hate',
    reason: 'Why',
  });
  expect(bare.status).toBe(400);
  const decided = await anna.call('POST', `/v1/desk/cases/${id}/decide`, {
    token,
    outcome: 'release',
    category: 'likeness',
    reason: 'Marks.',
  });
  expect(decided.status).toBe(200);
  const again = await anna.call('POST', `/v1/desk/cases/${id}/decide`, {
    token,
    outcome: 'release',
    category: 'likeness',
    reason: 'Marks.',
  });
  expect([again.status, again.body.error?.code]).toEqual([409, 'lease_lost']);
  const undone = await anna.call('POST', `/v1/desk/decisions/${String(decided.body.decision_id)}/undo`, {});
  expect(undone.body).toMatchObject({ case_id: id });
});

it('what happens comes as events, without contents', async () => {
  const stop = new AbortController();
  const heard: string[] = [];
  const listening = (async () => {
    for await (const line of lines(anna, stop.signal)) {
      heard.push(line);
      if (line.startsWith('data:')) return;
    }
  })();
  while (!heard.length) await new Promise((done) => setTimeout(done, 20));
  const row = await desk.core.database.reviewCase.findFirstOrThrow();
  await anna.call('POST', `/v1/desk/cases/${row.id}/return`, { token: row.leaseToken });
  await listening;
  stop.abort();
  expect(JSON.parse(heard.at(-1)!.slice('data: '.length))).toEqual({
    type: 'case.changed',
    case_id: row.id,
    queue_id: 'que_general',
  });
});

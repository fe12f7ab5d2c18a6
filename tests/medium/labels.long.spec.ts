import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import { ClipView, LabelView, type LabelProfile } from '#contracts';
import { readCredentialsOf } from '../support/credentials.js';
import { GateHarness } from '../support/gate.js';
import { randomHash } from '../support/hash-banks.js';
import { looked } from '../support/looked.js';
import { createServer } from '../../apps/api/server.js';
import { ApiKeys } from '#platform/auth';

let gate: GateHarness;
let url: string;
let stop: () => Promise<void>;
let admin: string;
let reader: string;

beforeAll(async () => {
  gate = await GateHarness.open();
  // What a clip shows is not the matter here.
  const fingerprint = () => ({ algorithm: 'vpdq' as const, hashes: [{ atS: 0, hash: randomHash(), quality: 100 }] });
  gate.faults.inspect = async () => looked({ fingerprint: fingerprint() });
  const app = await createServer(gate.core);
  const server = (await app.listen(0, '127.0.0.1')) as { address(): AddressInfo };
  url = `http://127.0.0.1:${server.address().port}/v1`;
  stop = () => app.close();
  const keys = new ApiKeys(gate.core.database, gate.core.clock);
  const made = (scopes: ('admin' | 'videos:read')[]) => keys.create(gate.caller.tenantId, 'test', scopes, 'test');
  admin = (await made(['admin'])).key;
  reader = (await made(['videos:read'])).key;
}, 120_000);

afterAll(async () => {
  await stop?.();
  await gate?.close();
});

async function call(method: string, path: string, body?: object, key = admin) {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const answer = await fetch(`${url}${path}`, { method, headers, body: body && JSON.stringify(body) });
  const text = await answer.text();
  return { status: answer.status, type: answer.headers.get('content-type'), text };
}

const put = async (profile: object) => LabelView.parse(JSON.parse((await call('PUT', '/label', profile)).text));

/** A clip that went the whole way under the profile in force. */
async function released() {
  const clip = await gate.drive((await gate.admit()).id);
  expect(clip.state).toBe('released');
  return ClipView.parse(JSON.parse((await call('GET', `/clips/${clip.id}`)).text));
}

describe('the label of a tenant', () => {
  it('is the icon, drawn, unless the tenant chooses', async () => {
    const view = LabelView.parse(JSON.parse((await call('GET', '/label', undefined, reader)).text));
    expect(view).toEqual({
      ...{ object: 'label', kinds: ['eu'], position: 'top-right', language: 'en', delivery: 'burned', default: true },
    });
    const { label, release, id } = await released();
    expect(label).toMatchObject({ kinds: ['eu'], delivery: 'burned', cues: [{ kind: 'eu', text: 'AI GENERATED' }] });
    const { to_s, box } = label!.cues[0]!;
    expect(to_s).toBeGreaterThan(0.5);
    expect(box.x + box.width).toBeLessThanOrEqual(0.96);
    expect(release!.watermark.z).toBeGreaterThan(20);
    const { actions, disclosure } = await readCredentialsOf(gate, id);
    expect(actions).toEqual(['c2pa.created', 'c2pa.addedText', 'c2pa.watermarked.bound']);
    expect(disclosure).toMatchObject({ text: ['AI GENERATED'], delivery: 'burned', id: release!.id });
    expect((await call('GET', `/clips/${id}/label.vtt`)).text).toContain('label_not_overlay');
  }, 120_000);

  it('comes as a text track when the tenant wants the pictures untouched', async () => {
    const profile: Partial<LabelProfile> & { market: string } = {
      ...{ market: 'world', language: 'fr', delivery: 'overlay', name: 'Ciné <& Co>' },
    };
    expect(await put(profile)).toMatchObject({ kinds: ['eu', 'name', 'california'], default: false });
    const clip = await gate.admit();
    expect((await call('GET', `/clips/${clip.id}/label.vtt`)).text).toContain('video_not_ready');
    const { id, label } = await released();
    const track = await call('GET', `/clips/${id}/label.vtt`, undefined, reader);
    expect(track).toMatchObject({ status: 200, type: 'text/vtt; charset=utf-8' });
    const [head, ...cues] = track.text.trim().split('\n\n');
    expect(head).toBe('WEBVTT');
    expect(cues).toHaveLength(label!.cues.length);
    expect(cues[0]).toMatch(
      /^00:00:00\.000 --> 00:00:0\d\.\d{3} line:\d+\.\d% position:\d+\.\d% align:center\nIA VIDÉO GÉNÉRÉE$/,
    );
    expect(track.text).toContain('Vidéo générée par IA · Ciné &lt;&amp; Co&gt;');
    const { actions, disclosure } = await readCredentialsOf(gate, id);
    expect(actions).toEqual(['c2pa.created', 'c2pa.watermarked.bound']);
    expect(disclosure).toMatchObject({ delivery: 'overlay', language: 'fr' });
    expect((await call('GET', '/clips/video_none/label.vtt')).status).toBe(404);
  }, 120_000);

  it('can be none, and then nothing is claimed', async () => {
    await put({ market: 'none' });
    const { id, label } = await released();
    expect(label).toEqual({ kinds: ['none'], delivery: 'burned', language: 'en', cues: [] });
    const { actions, disclosure } = await readCredentialsOf(gate, id);
    expect(actions).toEqual(['c2pa.created', 'c2pa.watermarked.bound']);
    expect(disclosure).toBeUndefined();
    const back = LabelView.parse(JSON.parse((await call('DELETE', '/label')).text));
    expect(back).toMatchObject({ kinds: ['eu'], default: true });
    const audit = await gate.core.database.auditEvent.findMany({ where: { action: 'label.changed' } });
    expect(audit.map(({ data }) => data)).toEqual([
      { kinds: ['eu', 'name', 'california'], delivery: 'overlay' },
      { kinds: ['none'], delivery: 'burned' },
      { kinds: null, delivery: null },
    ]);
  }, 120_000);

  it('is chosen by the tenant’s administrators alone, and only as it can be drawn', async () => {
    expect((await call('PUT', '/label', { market: 'eu' }, reader)).status).toBe(403);
    expect((await call('DELETE', '/label', undefined, reader)).status).toBe(403);
    for (const wrong of [
      {},
      { market: 'mars' },
      { market: 'eu', kinds: ['eu'] },
      { kinds: [] },
      { kinds: ['eu', 'eu'] },
      { kinds: ['eu', 'none'] },
      { market: 'eu', name: '' },
      { market: 'eu', name: '字' },
      { market: 'eu', name: 'a\u202eb' },
      { market: 'eu', colour: 'red' },
    ]) {
      expect([wrong, (await call('PUT', '/label', wrong)).status]).toEqual([wrong, 400]);
    }
  });

  it('that cannot be read holds the clip: nothing is published without it', async () => {
    const where = { id: gate.caller.tenantId };
    await gate.core.database.tenant.update({ where, data: { label: { kinds: ['stamp'] } } });
    const clip = await gate.drive((await gate.admit()).id);
    expect(clip).toMatchObject({ state: 'held', heldAt: 'marks' });
    await gate.core.database.tenant.update({ where, data: { label: { kinds: ['name'], name: '🦊' } } });
    expect(await gate.drive((await gate.admit()).id)).toMatchObject({ state: 'held', heldAt: 'marks' });
  }, 120_000);
});

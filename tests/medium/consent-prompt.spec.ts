import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HeldClips, LikenessChangedError, PromptRefusedError, readDecisions } from '#domain/gate';
import type { FaceTemplate } from '#engines/faces';
import type { Clip } from '#platform/database';
import {
  askAsAdult,
  closer,
  enrolPerson,
  giveGrant,
  PORTRAITS,
  protectEntry,
  revoke,
  templateOf,
} from '../support/consent.js';
import { GateHarness } from '../support/gate.js';

let gate: GateHarness;
let vlado: FaceTemplate;
let eileen: FaceTemplate;
let dir: string;
let again: string;

beforeAll(async () => {
  gate = await GateHarness.open();
  gate.caller = { ...gate.caller, makerRatePerMinute: 10_000 };
  vlado = await templateOf(gate, PORTRAITS.vlado);
  dir = await mkdtemp(join(tmpdir(), 'imprimatur-consent-'));
  again = await closer(PORTRAITS.vladoAgain, join(dir, 'again.png'));
  eileen = await templateOf(gate, PORTRAITS.eileen);
}, 60_000);
afterAll(async () => {
  await gate.close();
  await rm(dir, { recursive: true, force: true });
});
beforeEach(async () => {
  gate.faults = {};
  await gate.forgetAll();
});

const admit = (...asked: Parameters<GateHarness['admit']>) => askAsAdult(gate, ...asked);
const uses = (clipId: string) => gate.core.database.likenessUse.findMany({ where: { clipId } });
const refusedWith = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (e: unknown) => {
      if (!(e instanceof PromptRefusedError)) throw e;
      return e.details.data as { categories: string[]; statement_id: string };
    },
  );
const score = (clip: Clip, detector: string) =>
  readDecisions(clip.decisions)
    .flatMap(({ signals }) => signals)
    .filter((one) => one.detector === detector)
    .at(-1);

describe('the prompt', () => {
  it('refuses a person who gave no grant, with a statement, and files what it allows as a use', async () => {
    const { id } = await enrolPerson(gate, { handle: 'ada', grant: null });
    const refusal = await refusedWith(admit({ characters: [{ id }] }));
    expect(refusal).toMatchObject({ categories: ['likeness'] });
    await gate.core.database.statement.findUniqueOrThrow({ where: { id: refusal!.statement_id } });

    const grantId = await giveGrant(gate, id);
    const clip = await admit({ characters: [{ id }] });
    expect(clip.state).toBe('queued');
    expect(await uses(clip.id)).toMatchObject([{ personId: id, grantId, how: 'asked' }]);
  });

  it.each([
    ['plainly', '@grace walks on a beach'],
    ['with a full stop', 'A portrait of @grace.'],
    ['in capitals', 'A portrait of @GRACE'],
    ['in Cyrillic look-alikes', 'A portrait of @gr\u0430\u0441\u0435'],
    ['with a hidden character', 'A portrait of @gr\u200bace'],
    ['in full width', 'A portrait of \uff20\uff47\uff52\uff41\uff43\uff45'],
  ])('sees a handle written %s', async (_how, prompt) => {
    await gate.core.database.likenessPerson.updateMany({ where: { handle: 'grace' }, data: { handle: null } });
    await enrolPerson(gate, { handle: 'grace', grant: { audience: 'only_me' } });
    expect(await refusedWith(admit({ prompt }))).toMatchObject({ categories: ['likeness'] });
  });

  it('refuses more handles than it can read: the last may be of somebody', async () => {
    await enrolPerson(gate, { handle: 'last.one', grant: { audience: 'only_me' } });
    const many = Array.from({ length: 60 }, (_, i) => `@nobody${i}`).join(' ');
    expect(await refusedWith(admit({ prompt: `A crowd: ${many} and @last.one` }))).not.toBeNull();
  });

  it('takes one name of the maker: body and header must agree', async () => {
    await expect(gate.admit({ user: 'somebody' }, { maker: 'somebody-else' })).rejects.toMatchObject({
      ...{ kind: 'invalid', code: 'maker_conflict', details: { param: 'user' } },
    });
    expect((await gate.admit({ user: 'the-same' }, { maker: 'the-same' })).state).toBe('queued');
  });

  it('does not know a character of another tenant, or none at all', async () => {
    const { id } = await enrolPerson(gate, { tenantId: 'ten_other' });
    for (const wrong of [id, 'char_nobody'])
      await expect(admit({ characters: [{ id: wrong }] })).rejects.toMatchObject({
        code: 'character_not_found',
        details: { param: 'characters' },
      });
  });

  it('lets each audience in and nobody else', async () => {
    const own = await gate.maker('the-person');
    const friend = await gate.maker('a-friend');
    const other = await gate.maker('somebody-else');
    await gate.befriend(own, friend);
    const { id } = await enrolPerson(gate, { makerId: own, approved: [other] });
    const asks = async (user: string) => (await refusedWith(admit({ characters: [{ id }], user }))) === null;
    const all = async () => [
      await asks('the-person'),
      await asks('somebody-else'),
      await asks('a-friend'),
      await asks('new'),
    ];
    const answers: Record<string, boolean[]> = {};
    for (const audience of ['only_me', 'approved', 'mutuals', 'everyone'] as const) {
      await giveGrant(gate, id, { audience });
      answers[audience] = await all();
    }
    expect(answers).toEqual({
      only_me: [true, false, false, false],
      approved: [true, true, false, false],
      mutuals: [true, true, true, false],
      everyone: [true, true, true, true],
    });
  });

  it('keeps to places and to the time of a grant', async () => {
    const { id } = await enrolPerson(gate, { grant: { places: ['FR'] } });
    const maker = await gate.maker('traveller');
    const allowed = async () => (await refusedWith(admit({ characters: [{ id }], user: 'traveller' }))) === null;
    expect(await allowed()).toBe(false); // nobody said where
    await gate.core.database.maker.update({ where: { id: maker }, data: { country: 'FR' } });
    expect(await allowed()).toBe(true);
    await giveGrant(gate, id, { until: new Date(Date.now() - 1) });
    expect(await allowed()).toBe(false);
  });

  it.each([
    ['swimwear', 'Two friends at the beach in a bikini'],
    ['swimwear', 'Deux amis en maillot de bain à la plage'],
    ['violence', 'A man stabs another man with a knife in a brutal fight'],
  ])('keeps to "no %s": %s', async (what, prompt) => {
    const { id } = await enrolPerson(gate, { grant: { no: [what] } });
    expect(await refusedWith(admit({ prompt, characters: [{ id }] }))).toMatchObject({
      categories: expect.arrayContaining(['likeness']) as string[],
    });
  });

  it('lets ordinary scenes through with every limit set', async () => {
    const { id } = await enrolPerson(gate, { grant: { no: ['violence', 'politics', 'swimwear', 'sexual'] } });
    for (const prompt of [
      'A person walks through a snowy forest at dawn',
      'Somebody cooks soup in a small kitchen while it rains',
      'Une personne lit un livre dans un café à Lyon',
      'A friend plays the guitar on a stage, warm light',
    ])
      expect((await admit({ prompt, characters: [{ id }] })).state).toBe('queued');
  });

  it('keeps to a line of "never" in the words of the person, in other forms of the words', async () => {
    const { id } = await enrolPerson(gate, { grant: { never: ['in adverts for alcohol', 'riding horses'] } });
    const ask = (prompt: string) => admit({ prompt, characters: [{ id }] });
    expect(await refusedWith(ask('An advert with a bottle of alcohol on a table'))).not.toBeNull();
    expect(await refusedWith(ask('She rides a horse along the coast'))).not.toBeNull();
    expect((await ask('She walks along the coast')).state).toBe('queued');
  });

  it('holds a name that a person gave themselves, of one word too, and never refuses it; their handle does', async () => {
    const { id } = await enrolPerson(gate, {
      ...{ names: ['Adaeze Lovelock'], handle: 'adaeze', grant: { audience: 'only_me' as const } },
    });
    const named = await admit({ prompt: 'Adaeze Lovelock paints a wall' });
    expect(named).toMatchObject({ state: 'held', heldAt: 'prompt' });
    expect(score(named, 'likeness.names')).toMatchObject({ score: 0.6, reason: 'name_to_check' });
    expect(await uses(named.id)).toEqual([]);
    expect(await refusedWith(admit({ prompt: '@adaeze, Adaeze Lovelock, paints a wall' }))).not.toBeNull();
    await giveGrant(gate, id);
    const agreed = await admit({ prompt: 'Adaeze Lovelock paints a wall' });
    expect(agreed.state).toBe('queued');
    expect(await uses(agreed.id)).toMatchObject([{ personId: id, how: 'asked' }]);
    await enrolPerson(gate, { names: ['Adaeze'] });
    expect(await admit({ prompt: 'Adaeze paints a wall' })).toMatchObject({ state: 'held', heldAt: 'prompt' });
  });

  it.each([
    ['victim', 'refused'],
    ['child', 'refused'],
    ['opted_out', 'refused'],
    ['public_figure', 'held'],
    ['estate', 'held'],
  ])('a protected name of a %s is %s', async (kind, outcome) => {
    await protectEntry(gate, { kind, names: ['Bertil Quennevar'] });
    const ask = admit({ prompt: 'Bertil Quennevar opens a door' });
    if (outcome === 'refused') expect(await refusedWith(ask)).toMatchObject({ categories: ['likeness'] });
    else expect(await ask).toMatchObject({ state: 'held', heldAt: 'prompt' });
  });

  it('holds the name of a public figure although somebody enrolled under it and allows everyone', async () => {
    await protectEntry(gate, { kind: 'public_figure', names: ['Bertil Quennevar'] });
    const { id } = await enrolPerson(gate, { names: ['Bertil Quennevar'] });
    for (const more of [{}, { characters: [{ id }] }])
      expect(await admit({ prompt: 'Bertil Quennevar opens a door', ...more })).toMatchObject({
        ...{ state: 'held', heldAt: 'prompt' },
      });
  });

  it('gives the persons of a clip to what is made from it', async () => {
    const { id, grantId } = await enrolPerson(gate, {});
    const parent = await gate.drive((await admit({ characters: [{ id }] })).id);
    expect(parent.state).toBe('released');
    const remix = await admit({ prompt: 'in winter' }, { parent });
    expect(await uses(remix.id)).toMatchObject([{ personId: id, grantId, how: 'inherited' }]);
    await revoke(gate, id);
    expect(await refusedWith(admit({ prompt: 'at night' }, { parent }))).not.toBeNull();
  });

  it('asks again when a grant ends while the request is filed, and refuses then', async () => {
    const { id, grantId } = await enrolPerson(gate, {});
    const asked = { tenantId: gate.caller.tenantId, makerId: null, words: 'a walk', characters: [id] };
    const nothing = { reference: null, parentId: null, signals: [] };
    const { uses: allowed } = await gate.likeness.ask({ ...asked, ...nothing });
    expect(allowed).toEqual([{ personId: id, grantId, how: 'asked' }]);
    await revoke(gate, id);
    const clip = await admit();
    const record = gate.core.database.$transaction((tx) => gate.likeness.record(tx, clip, allowed));
    await expect(record).rejects.toThrow(LikenessChangedError);
    expect(await uses(clip.id)).toEqual([]);

    const other = await enrolPerson(gate, {});
    gate.whenAsked = () => revoke(gate, other.id);
    expect(await refusedWith(admit({ characters: [{ id: other.id }] }))).not.toBeNull();
  });

  it('holds when the register cannot be asked', async () => {
    gate.namesFail = true;
    const clip = await admit();
    gate.namesFail = false;
    expect(clip).toMatchObject({ state: 'held', heldAt: 'prompt' });
    expect(score(clip, 'likeness.names')).toMatchObject({ state: 'unable' });
  });

  it('asks again for the persons of a clip that was released when the register could not be asked', async () => {
    const { id, grantId } = await enrolPerson(gate, { handle: 'ada.again' });
    gate.namesFail = true;
    const held = await admit({ prompt: '@ada.again reads', characters: [{ id }] });
    gate.namesFail = false;
    expect(held).toMatchObject({ state: 'held', heldAt: 'prompt', characters: [id] });
    await gate.core.database.likenessUse.deleteMany({ where: { clipId: held.id } });
    const review = new HeldClips(gate.core.database, gate.moves, gate.policies, gate.core.clock);
    await review.decide(gate.caller.tenantId, held.id, { outcome: 'release', category: 'other', reason: 'ok' }, 'r:1');
    expect((await gate.step(held.id)).state).toBe('inspecting');
    expect(await uses(held.id)).toMatchObject([{ personId: id, grantId, how: 'asked' }]);
  });

  it('holds words that cannot be read once, not for ever', async () => {
    const { id } = await enrolPerson(gate, {});
    const prompt = Array.from({ length: 700 }, (_, i) => String.fromCharCode(97 + (i % 26))).join(' ');
    const held = await admit({ prompt, characters: [{ id }] });
    expect(held).toMatchObject({ state: 'held', heldAt: 'prompt' });
    expect(score(held, 'likeness.names')).toMatchObject({ state: 'unable' });
    // Who was asked for by id is known all the same.
    expect(await uses(held.id)).toMatchObject([{ personId: id }]);
    const review = new HeldClips(gate.core.database, gate.moves, gate.policies, gate.core.clock);
    await review.decide(gate.caller.tenantId, held.id, { outcome: 'release', category: 'other', reason: 'ok' }, 'r:1');
    expect((await gate.step(held.id)).state).toBe('inspecting');
  });
});

describe('a reference image', () => {
  const asks = (faces: object, extra: object = {}) =>
    admit(
      {},
      {
        reference: {
          sha256: 'f'.repeat(64),
          signals: [],
          faces: { state: 'looked', persons: [], protected: [], strangers: 0, untold: 0, ...faces } as never,
        },
        ...extra,
      },
    );

  it('refuses a stranger, a face that cannot be told, and a protected person', async () => {
    expect(await refusedWith(asks({ strangers: 1 }))).toMatchObject({ categories: ['likeness'] });
    expect(await refusedWith(asks({ untold: 1 }))).not.toBeNull();
    expect(await refusedWith(asks({ protected: [{ id: 'prot_1', doubtful: false }] }))).not.toBeNull();
    expect(await asks({ protected: [{ id: 'prot_1', doubtful: true }] })).toMatchObject({ state: 'held' });
    expect((await asks({})).state).toBe('queued');
  });

  it('holds when the faces could not be compared', async () => {
    const faces = { state: 'unable', reason: 'no register' } as const;
    const clip = await admit({}, { reference: { sha256: 'f'.repeat(64), signals: [], faces } });
    expect(clip).toMatchObject({ state: 'held', heldAt: 'prompt' });
  });

  it('does not tell whether a stranger is enrolled at another platform', async () => {
    const { id } = await enrolPerson(gate, { tenantId: 'ten_other' });
    const said = async (faces: object) => {
      const refusal = await refusedWith(asks(faces));
      const clip = await gate.core.database.clip.findFirstOrThrow({ where: { statementId: refusal!.statement_id } });
      return score(clip, 'likeness.reference');
    };
    expect(await said({ persons: [id] })).toEqual(await said({ strangers: 1 }));
  });

  it('takes the maker’s own enrolled face, and that of whoever agreed, and files the use', async () => {
    const own = await gate.maker('me');
    const { id } = await enrolPerson(gate, { makerId: own, grant: { audience: 'only_me' } });
    const clip = await asks({ persons: [id] }, { maker: 'me' });
    expect(clip.state).toBe('queued');
    expect(await uses(clip.id)).toMatchObject([{ personId: id, how: 'seen' }]);
    expect(await refusedWith(asks({ persons: [id] }, { maker: 'somebody' }))).not.toBeNull();
  });

  it('is compared by the worker with the real networks, and no template leaves it', async () => {
    const { screenImage } = await import('../../apps/worker/images.js');
    const { id } = await enrolPerson(gate, { template: vlado });
    const entry = await protectEntry(gate, { kind: 'public_figure', template: eileen });
    const { tenantId } = gate.caller;
    const known = await screenImage(gate.parts, again, tenantId);
    expect(known.faces).toMatchObject({ state: 'looked', persons: [id], strangers: 0, untold: 0 });
    const shielded = await screenImage(gate.parts, PORTRAITS.eileen, tenantId);
    expect(shielded.faces).toMatchObject({ protected: [{ id: entry, doubtful: false }] });
    expect(Object.keys(known).sort()).toEqual(['faces', 'format', 'height', 'signals', 'width']);
    await gate.forgetAll();
    expect((await screenImage(gate.parts, PORTRAITS.eileen, tenantId)).faces).toMatchObject({ strangers: 1 });
  });
});

import { readFile } from 'node:fs/promises';
import type { EnrolView } from '#contracts';
import { EnrolmentRunner, openNotice, type ConsentParts } from '#domain/consent';
import { endedByPerson } from '#domain/consent-check';
import { EvidenceStills } from '#domain/gate';
import { isOrdinaryName } from '#domain/recognition';
import { encodeTemplate, isTemplate, type FaceTemplate } from '#engines/faces';
import { closeInference } from '#engines/inference';
import { decodeImageFrame, makeJpeg } from '#engines/media';
import { lexiconOf } from '#engines/text';
import { Makers } from '#platform/auth';
import { ConsentApi } from './consent-api.js';
import { analyser, PEOPLE } from './enrolment.js';
import { CLIP, GateHarness } from './gate.js';

let gate: GateHarness;
let api: ConsentApi;
let face: FaceTemplate;
let portrait: Uint8Array;

/** A service with its API, and one face and portrait that everybody who enrols is given. */
export async function openConsentWorld() {
  gate = await GateHarness.open();
  api = await ConsentApi.open(gate);
  const frame = await decodeImageFrame(await readFile(PEOPLE.eileen));
  const [seen] = await (await analyser()).observe(frame);
  const found = await (await analyser()).embed(frame, seen!);
  if (!isTemplate(found)) throw new Error(found.reason);
  face = found;
  portrait = await makeJpeg(frame, 256);
  return { gate, api, face, portrait };
}

/** Stops it. */
export async function closeConsentWorld(): Promise<void> {
  await api.stop();
  await gate.close();
  await closeInference();
}

/** What the consent room is made of there. */
export function parts(over: Partial<ConsentParts> = {}): ConsentParts {
  const { database, blobs, clock, keyring, subjectKeys: keys } = gate.core;
  return {
    ...{ database, blobs, clock, sealer: keyring.sealer, keys, clips: gate.parts.clips, notice: openNotice() },
    ...{ makers: new Makers(database), stills: new EvidenceStills(database, blobs) },
    refusal: (clip, actor) => endedByPerson(gate.policies, clip, actor, clock.now()),
    settings: { publicUrl: 'http://localhost', keepDays: 365, minimumAge: 18 },
    ...over,
  };
}

/** Enrols somebody whose recording counts as live: how that is judged is told in the spec of enrolment. */
export async function enrolled(
  user: string,
  over: Partial<ConsentParts> = {},
  meanwhile: () => Promise<unknown> = () => Promise.resolve(),
  { name, known = [] }: { name?: string; known?: string[] } = {},
): Promise<{ id: string; secret: string }> {
  await gate.maker(user);
  const one = await api.begin(user, {}, name);
  await api.good('POST', '/consent/enrol/challenge', {}, one.secret);
  await api.record(one.secret, CLIP);
  const template = { model: face.model, template: encodeTemplate(face) };
  await meanwhile();
  const judge = async () => ({
    liveness: { result: 'live' as const, nonce: '', checks: [] },
    ...{ face: template, voice: { ...template, model: 'voice@1' }, under18: 0, portrait },
  });
  const { scratch, queue } = gate.core;
  const faces = { find: async () => known.map((id) => ({ kind: 'person' as const, id })) };
  const isOrdinary = (text: string) => isOrdinaryName(text, lexiconOf(gate.textModel()));
  const work = { scratch, queue, faces, judge: { judge }, isOrdinary, onFault: () => undefined };
  await new EnrolmentRunner({ ...parts(over), ...work }).run(one.id);
  const { person, result } = await api.good<EnrolView>('GET', '/consent/enrol', undefined, one.secret);
  if (!person) throw new Error(String(result?.fault));
  return { id: person.person_id, secret: person.manage_url.split('#')[1]! };
}

/** A clip that somebody asks for with themselves in it. */
export async function clipWith(personId: string, until?: 'released'): Promise<string> {
  const { makerId } = await gate.core.database.likenessPerson.findUniqueOrThrow({ where: { id: personId } });
  const { externalId: user } = await gate.core.database.maker.findUniqueOrThrow({ where: { id: makerId! } });
  const { id } = await gate.admit({ user, characters: [{ id: personId }] });
  if (until) expect(await gate.drive(id, until)).toMatchObject({ state: until });
  return id;
}

/** A person as kept. */
export const personRow = (id: string) => gate.core.database.likenessPerson.findUniqueOrThrow({ where: { id } });

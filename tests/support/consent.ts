import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { newId, projectRoot } from '#kernel';
import type { FaceSighting } from '#contracts';
import { decodeTemplate, encodeTemplate, type FaceTemplate } from '#engines/faces';
import type { SeenTemplate } from '#domain/examination';
import type { Clip } from '#platform/database';
import type { GateHarness } from './gate.js';

/** Portraits with a licence: two persons. */
export const PORTRAITS = {
  vlado: join(projectRoot, 'tests/fixtures/faces/vlado_1.jpg'),
  /** The first again; the face is too small as it is: see {@link closer}. */
  vladoAgain: join(projectRoot, 'tests/fixtures/faces/vlado_2.jpg'),
  eileen: join(projectRoot, 'tests/fixtures/images/astronaut_collins.png'),
} as const;

/** Writes a picture as if taken from nearer: half as large again, around the upper middle. */
export async function closer(from: string, to: string): Promise<string> {
  const [width, height, side] = [1500, 1418, 960];
  const nearer = await sharp(from).resize(width, height).toBuffer();
  await sharp(nearer)
    .extract({ left: (width - side) / 2, top: 60, width: side, height: side })
    .png()
    .toFile(to);
  return to;
}

/** The template of the one face of a picture, by the real networks. */
export async function templateOf(gate: GateHarness, path: string): Promise<FaceTemplate> {
  const { templates } = await gate.unfaulted('screenImage', { path, faces: true });
  if (templates.length !== 1) throw new Error(`${templates.length} templates in ${path}`);
  return decodeTemplate(templates[0]!.bytes);
}

/** A face between two others: `share` 0 is the first, 1 the second. */
export function between(a: FaceTemplate, b: FaceTemplate, share: number): FaceTemplate {
  const mix = (x: Float32Array, y: Float32Array) => x.map((v, i) => v * (1 - share) + y[i]! * share);
  const faceres = mix(a.faceres, b.faceres);
  const length = Math.hypot(...faceres);
  return { dlib: mix(a.dlib, b.dlib), faceres: faceres.map((v) => v / length), model: a.model };
}

/** What a grant says unless told otherwise: nothing but who may use it. */
export interface GrantGiven {
  audience?: 'only_me' | 'approved' | 'mutuals' | 'everyone';
  no?: string[];
  never?: string[];
  places?: string[];
  until?: Date;
}

/** A person in the register with one grant; rows as enrolment leaves them. */
export async function enrolPerson(
  gate: GateHarness,
  person: {
    handle?: string;
    makerId?: string;
    approved?: string[];
    tenantId?: string;
    names?: string[];
    template?: FaceTemplate;
    /** Path of the picture that engines are given. */
    portrait?: string;
    grant?: GrantGiven | null;
  },
): Promise<{ id: string; grantId: string }> {
  const { database, subjectKeys, blobs } = gate.core;
  const id = newId('char');
  const tenantId = person.tenantId ?? gate.caller.tenantId;
  const key = await subjectKeys.create(id);
  const portrait = person.portrait ? await readFile(person.portrait) : Buffer.from('no picture');
  const sealed = Buffer.from(key.seal(portrait, `portrait:${id}`), 'base64');
  async function* bytes() {
    yield sealed;
  }
  const { sha256: portraitSha256 } = await blobs.put(bytes());
  await database.likenessPerson.create({
    data: {
      ...{ id, tenantId, makerId: person.makerId ?? null, handle: person.handle ?? null },
      ...{ noticeSha256: '0'.repeat(64), noticeVersion: '1', releasedAt: new Date(), approved: person.approved ?? [] },
      portraitSha256,
      keepUntil: new Date(Date.now() + 86_400_000),
    },
  });
  const grantId = person.grant === null ? '' : await giveGrant(gate, id, person.grant);
  await gate.remember({ kind: 'person', id, tenantId }, person);
  return { id, grantId };
}

/** Gives a grant; one before ends. */
export async function giveGrant(gate: GateHarness, personId: string, grant: GrantGiven = {}): Promise<string> {
  const { audience = 'everyone', no = [], never = [], places = [], until } = grant;
  const id = newId('gra');
  const { database } = gate.core;
  await database.$transaction(async (tx) => {
    await tx.likenessGrant.updateMany({ where: { personId, endedAt: null }, data: { endedAt: new Date() } });
    await tx.likenessGrant.create({ data: { id, personId, audience, limits: { no, never }, places, until } });
  });
  return id;
}

/** Ends a person's consent as revocation does. */
export async function revoke(gate: GateHarness, personId: string): Promise<void> {
  await gate.core.database.$transaction(async (tx) => {
    await tx.likenessPerson.update({
      where: { id: personId },
      data: { state: 'revoked', revokedAt: new Date(), version: { increment: 1 } },
    });
    await tx.likenessGrant.updateMany({ where: { personId, endedAt: null }, data: { endedAt: new Date() } });
  });
}

/** An entry of the protected register that is in force. */
export async function protectEntry(
  gate: GateHarness,
  entry: { kind: string; names?: string[]; template?: FaceTemplate; tenantId?: string | null },
): Promise<string> {
  const id = newId('prot');
  const tenantId = entry.tenantId === undefined ? gate.caller.tenantId : entry.tenantId;
  await gate.core.database.protectedEntry.create({
    data: {
      ...{ id, tenantId, kind: entry.kind, state: 'active', namesCount: entry.names?.length ?? 0 },
      ...{
        face: entry.template ? 'taken' : 'no_image',
        recognised: true,
        submittedBy: 'key_1',
        firstBy: 'key_2',
        secondBy: 'key_3',
      },
    },
  });
  await gate.remember({ kind: 'protected', id, tenantId }, entry);
  return id;
}

/** Faces as the sandbox reports them. */
export function facesSeen(faces: { template?: FaceTemplate; widthPx?: number; reason?: string }[]): {
  faces: FaceSighting[];
  templates: SeenTemplate[];
} {
  const sighting = (one: (typeof faces)[number], i: number): FaceSighting => ({
    ...{ id: `face_${i + 1}`, fromS: 0, toS: 3, frames: 8, atS: 1, box: { x: 0.2, y: 0.2, width: 0.2, height: 0.3 } },
    widthPx: one.widthPx ?? 160,
    ...(one.template ? { state: 'measured' } : { state: 'unable', reason: one.reason ?? 'Too small.' }),
    age: null,
  });
  return {
    faces: faces.map(sighting),
    templates: faces.flatMap(({ template }, i) =>
      template ? [{ face: `face_${i + 1}`, bytes: encodeTemplate(template) }] : [],
    ),
  };
}

/** Asks as an adult: nobody else may use a likeness. */
export async function askAsAdult(
  gate: GateHarness,
  ...[request = {}, context = {}]: Parameters<GateHarness['admit']>
): Promise<Clip> {
  const user = request.user ?? context.maker ?? 'grown-up';
  await gate.maker(user);
  return gate.admit({ ...request, user }, context);
}

import { AppError, shownMessage, type Clock } from '#kernel';
import {
  LikenessChangedError,
  type ClipUse,
  type LikenessAnswer,
  type LikenessGate,
  type LikenessRequest,
} from '#domain/gate';
import type { Database, Transaction } from '#platform/database';
import { audienceBreach } from './audience.js';
import { judgeLimits } from './limits.js';
import { handlesIn, type ProtectedKind } from './names.js';
import { LIKENESS_SCORE, namesSignal, referenceSignal, unableNames, unableReference } from './signals.js';
import { lockUses } from './standing.js';
import type { Breach, FoundName, JudgedGrant, JudgedPerson, MakerFacts, Names, ProtectedKinds } from './types.js';

/** Most persons of one request that are looked up; whoever names more is stopped. */
const MOST_PERSONS = 20;

/** Protected kinds whose name may be meant in a way that needs no consent: a person looks. */
const OPENED: readonly (ProtectedKind | undefined)[] = ['public_figure', 'estate'];

type How = ClipUse['how'];
type PersonRow = JudgedPerson & { grants: JudgedGrant[] };

/** A person of a request, as far as they were judged. */
export interface JudgedUse {
  personId: string;
  how: How;
  grantId: string | null;
  /** Named by a name that they gave themselves, and by nothing else: others may bear it, so it never refuses. */
  byName: boolean;
  breaches: Breach[];
  doubtful: boolean;
}

/** The register's answer at the prompt. Implements the port of admission. */
export class ConsentGate implements LikenessGate {
  constructor(
    private readonly database: Database,
    private readonly names: Names,
    private readonly kinds: ProtectedKinds,
    private readonly facts: MakerFacts,
    private readonly clock: Clock,
  ) {}

  async ask(request: LikenessRequest): Promise<LikenessAnswer> {
    const characters = await this.characters(request);
    try {
      return await this.judge(request, characters);
    } catch (e) {
      const reason = shownMessage(e);
      return { signals: [unableNames(reason), ...(request.reference ? [unableReference(reason)] : [])], uses: [] };
    }
  }

  async record(
    tx: Transaction,
    clip: { id: string; tenantId: string; makerId?: string | null },
    uses: readonly ClipUse[],
  ): Promise<void> {
    if (uses.length === 0) return;
    const asker = { tenantId: clip.tenantId, makerId: clip.makerId ?? null };
    if ((await lockUses(tx, uses, asker, this.facts, this.clock.now())).length > 0) throw new LikenessChangedError();
    const { id: clipId, tenantId } = clip;
    await tx.likenessUse.createMany({
      data: uses.map(({ personId, grantId, how }) => ({ clipId, tenantId, personId, grantId, how })),
    });
  }

  /** The ids named as characters. Of another tenant, or erased, they are nobody. */
  private async characters({ tenantId, characters }: LikenessRequest): Promise<string[]> {
    const ids = [...new Set(characters)];
    if (ids.length === 0) return [];
    const known = await this.database.likenessPerson.findMany({
      where: { id: { in: ids }, tenantId, state: { not: 'erased' } },
      select: { id: true },
    });
    const missing = ids.find((id) => !known.some((one) => one.id === id));
    if (missing === undefined) return ids;
    const message = `There is no character ${missing.slice(0, 80)}.`;
    throw new AppError('not_found', 'character_not_found', message, { param: 'characters' });
  }

  private async judge(request: LikenessRequest, characters: readonly string[]): Promise<LikenessAnswer> {
    const { tenantId, words, reference } = request;
    let unread: string | null = null;
    const found = await this.names.find(words, tenantId).catch((e: unknown) => {
      unread = shownMessage(e);
      return [];
    });
    const { how, byName, tooMany } = await this.named(request, characters, found);
    const shown = reference?.state === 'looked' ? reference.persons : [];
    const persons = await this.personsOf([...new Set([...how.keys(), ...shown])]);
    const judged = await Promise.all(
      [...how].map(async ([id, one]) => ({
        ...(await this.judgePerson(request, persons, id, one)),
        byName: byName.has(id),
      })),
    );
    const seen = await Promise.all(shown.map((id) => this.judgePerson(request, persons, id, 'seen')));
    const names = await this.judgeNames(found, judged);
    const said = namesSignal(judged, names, tooMany);
    // What is known already refuses; else nobody can tell.
    const signals = [unread === null || said.score === LIKENESS_SCORE.refuse ? said : unableNames(unread)];
    if (reference) signals.push(referenceSignal(reference, seen));
    const free = (one: JudgedUse): one is JudgedUse & { grantId: string } =>
      one.breaches.length === 0 && one.grantId !== null;
    const uses = new Map(
      [...seen, ...judged].filter(free).map(({ personId, grantId, how }) => [personId, { personId, grantId, how }]),
    );
    return { signals, uses: [...uses.values()] };
  }

  /** Who is asked for by id, handle, name, or because the parent shows them. A name of one word names nobody for certain. */
  private async named(
    { tenantId, words, parentId }: LikenessRequest,
    characters: readonly string[],
    found: readonly FoundName[],
  ): Promise<{ how: Map<string, How>; byName: Set<string>; tooMany: boolean }> {
    const how = new Map<string, How>();
    const parent = parentId ? await this.database.likenessUse.findMany({ where: { clipId: parentId } }) : [];
    for (const use of parent) how.set(use.personId, use.how === 'seen' ? 'seen' : 'inherited');
    const { handles, tooMany } = handlesIn(words);
    const owners = handles.length
      ? await this.database.likenessPerson.findMany({
          where: { tenantId, handle: { in: handles } },
          select: { id: true },
        })
      : [];
    const whole = found.filter(({ subject, words: count }) => subject.kind === 'person' && count > 1);
    for (const id of [...characters, ...owners.map((one) => one.id)]) how.set(id, 'asked');
    const byName = new Set(whole.map(({ subject }) => subject.id).filter((id) => !how.has(id)));
    // Last, so that whoever is asked for plainly is looked up first.
    for (const id of byName) how.set(id, 'asked');
    return { how, byName, tooMany: tooMany || how.size - byName.size > MOST_PERSONS };
  }

  private async personsOf(ids: readonly string[]): Promise<Map<string, PersonRow>> {
    if (ids.length === 0) return new Map();
    const rows = await this.database.likenessPerson.findMany({
      where: { id: { in: ids.slice(0, MOST_PERSONS + 1) } },
      select: {
        ...{ id: true, tenantId: true, makerId: true, state: true, approved: true },
        grants: { where: { endedAt: null }, orderBy: { createdAt: 'desc' } },
      },
    });
    return new Map(rows.map((row) => [row.id, row]));
  }

  private async judgePerson(
    request: Pick<LikenessRequest, 'tenantId' | 'makerId' | 'words' | 'signals'>,
    persons: ReadonlyMap<string, PersonRow>,
    personId: string,
    how: How,
  ): Promise<JudgedUse> {
    const person = persons.get(personId);
    if (!person) return { personId, how, grantId: null, byName: false, breaches: ['no_grant'], doubtful: false };
    const [grant] = person.grants;
    const breach = await audienceBreach(person, grant, request, this.facts, this.clock.now());
    if (breach || !grant)
      return { personId, how, grantId: null, byName: false, breaches: [breach ?? 'no_grant'], doubtful: false };
    const { breaches, doubtful } = judgeLimits(grant.limits, request.words, request.signals);
    return { personId, how, grantId: grant.id, byName: false, breaches, doubtful };
  }

  /**
   * What the names alone lead to: entries of the protected register, and names of one word. A grant of somebody enrolled does
   * not answer for an entry of the same name: names are what people say of themselves.
   */
  private async judgeNames(found: readonly FoundName[], judged: readonly JudgedUse[]): Promise<NamesJudged> {
    const others = found.filter(({ subject }) => subject.kind === 'protected');
    const kinds = await this.kinds.of(others.map(({ subject }) => subject.id));
    const result: NamesJudged = { refused: false, held: false };
    for (const { subject, words } of found) {
      if (subject.kind === 'person') result.held ||= words === 1 && !judged.some((one) => one.personId === subject.id);
      else if (words === 1) result.held = true;
      else if (OPENED.includes(kinds.get(subject.id))) result.held = true;
      else result.refused = true;
    }
    return result;
  }

  /**
   * Judges one person anew, for a clip whose grant ended: a newer one may allow the same.
   * @returns the grant that allows it now, or null
   */
  async renewed(
    personId: string,
    asked: Pick<LikenessRequest, 'tenantId' | 'makerId' | 'words' | 'signals'>,
  ): Promise<string | null> {
    const judged = await this.judgePerson(asked, await this.personsOf([personId]), personId, 'asked');
    return judged.breaches.length === 0 && !judged.doubtful ? judged.grantId : null;
  }
}

/** What the names in a text lead to. */
export interface NamesJudged {
  refused: boolean;
  held: boolean;
}

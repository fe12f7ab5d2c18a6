import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeTemplate, type FaceTemplate } from '#engines/faces';
import { Database } from '#platform/database';
import { Sealer, SubjectKeys } from '#platform/keys';
import { forgetSubject, rememberSubject, sealTemplate, type Subject } from '#domain/recognition';
import { FaceIndex, type FaceIndexOptions } from '#domain/recognition-faces';
import { freshDatabase } from '../support/fresh-database.js';
import { pictureOf, somebody, type Person } from '../load/people.js';

const MODEL = 'synthetic 1';
let dir: string;
let database: Database;
let keys: SubjectKeys;
const open: FaceIndex[] = [];

const pictures = new WeakMap<Person, { dlib: Float32Array; faceres: Float32Array }>();

/** Always the same picture of a person: chance has no say here. */
function pictured(person: Person, model = MODEL): FaceTemplate {
  const { dlib, faceres } = pictures.get(person) ?? pictureOf(person);
  pictures.set(person, { dlib, faceres });
  return { dlib, faceres, model };
}

async function remember(subject: Subject, template: FaceTemplate): Promise<void> {
  const sealed = sealTemplate(await keys.create(subject.id), subject.id, encodeTemplate(template));
  await database.$transaction((tx) => rememberSubject(tx, subject, { template: { model: template.model, sealed } }));
}

function index(options: FaceIndexOptions = {}): FaceIndex {
  const made = new FaceIndex(database, keys, options);
  open.push(made);
  return made;
}

const person = (id: string, tenantId = 'ten_a'): Subject => ({ kind: 'person', id: `char_${id}`, tenantId });
const entry = (id: string, tenantId: string | null): Subject => ({ kind: 'protected', id: `prot_${id}`, tenantId });
const ids = async (by: FaceIndex, face: FaceTemplate, tenantId = 'ten_a', most = 3) =>
  (await by.find(face, tenantId, most)).filter(({ score }) => score >= 0.99).map(({ subject }) => subject.id);

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'faces-'));
  database = new Database(await freshDatabase());
  keys = new SubjectKeys(join(dir, 'subjects'), new Sealer(Buffer.alloc(32, 3)));
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
  await database.$disconnect();
  await rm(dir, { recursive: true });
});

async function keyFile(id: string): Promise<string> {
  const names = await readdir(join(dir, 'subjects'), { recursive: true });
  return join(
    dir,
    'subjects',
    names.find((name) => name.endsWith(id))!,
  );
}

describe('the index of faces', () => {
  it('tells whose face it is with the scores of the whole templates, each subject once', async () => {
    const [ada, ben] = [somebody(), somebody()];
    const kept = pictured(ada);
    await remember(person('ada'), { ...pictureOf(ada), model: MODEL });
    await remember(person('ada'), kept);
    await remember(person('ben', 'ten_b'), pictured(ben));
    const faces = index();
    const hits = await faces.find(kept, 'ten_a', 5);
    expect(hits.map(({ subject }) => subject.id)).toEqual(['char_ada', 'char_ben']);
    expect(hits[0]).toMatchObject({ subject: person('ada') });
    expect(hits[0]!.score).toBeCloseTo(1, 3);
    expect(hits[0]!.dlibDistance).toBeCloseTo(0, 3);
    expect(await faces.find(kept, 'ten_a', 1)).toHaveLength(1);
    expect(faces.size.templates).toBe(3);
  });

  it('recognises persons of every tenant, and entries of the tenant and of all', async () => {
    const all = [somebody(), somebody(), somebody()];
    await remember(person('there', 'ten_b'), pictured(all[0]!));
    await remember(entry('there', 'ten_b'), pictured(all[1]!));
    await remember(entry('world', null), pictured(all[2]!));
    const faces = index();
    const seen = async (tenantId: string) =>
      (await Promise.all(all.map((one) => faces.find(pictured(one), tenantId, 9)))).map((hits) =>
        hits
          .map(({ subject }) => subject.id)
          .sort()
          .join(' '),
      );
    expect(await seen('ten_a')).toEqual(Array(3).fill('char_there prot_world'));
    expect(await seen('ten_b')).toEqual(Array(3).fill('char_there prot_there prot_world'));
  });

  it('forgets an erased subject at the next question, in every process', async () => {
    const ada = somebody();
    await remember(person('ada'), pictured(ada));
    const [one, other] = [index(), index()];
    expect(await ids(one, pictured(ada))).toEqual(['char_ada']);
    expect(await ids(other, pictured(ada))).toEqual(['char_ada']);
    await database.$transaction((tx) => forgetSubject(tx, person('ada')));
    expect(await ids(one, pictured(ada))).toEqual([]);
    await keys.destroy('char_ada');
    expect(await ids(other, pictured(ada))).toEqual([]);
    expect(other.size.templates).toBe(0);
  });

  it('knows at the next question whom another process added', async () => {
    const [one, other] = [index(), index()];
    for (const id of ['a', 'b', 'c']) {
      const who = somebody();
      expect(await ids(one, pictured(who))).toEqual([]);
      await remember(person(id), pictured(who));
      const asked = await Promise.all([one, other, one].map((faces) => ids(faces, pictured(who), 'ten_b', 1)));
      expect(asked).toEqual(Array(3).fill([`char_${id}`]));
    }
  });

  it('misses no change that is committed after a later one', async () => {
    const [slow, fast] = [somebody(), somebody()];
    const faces = index();
    await faces.refresh();
    let go!: () => void;
    const wait = new Promise<void>((done) => (go = done));
    const sealed = sealTemplate(await keys.create('char_slow'), 'char_slow', encodeTemplate(pictured(slow)));
    let inserted!: () => void;
    const first = new Promise<void>((done) => (inserted = done));
    const long = database.$transaction(async (tx) => {
      await rememberSubject(tx, person('slow'), { template: { model: MODEL, sealed } });
      inserted();
      await wait;
    });
    await first;
    const quick = remember(person('fast'), pictured(fast));
    expect(await ids(faces, pictured(slow))).toEqual([]);
    go();
    await Promise.all([long, quick]);
    expect(await ids(faces, pictured(slow), 'ten_a', 1)).toEqual(['char_slow']);
    expect(await ids(faces, pictured(fast), 'ten_a', 1)).toEqual(['char_fast']);
  });
});

describe('an index that cannot tell', () => {
  const unable = (code: string) => ({ code, kind: 'unavailable' });

  it('says so while a template does not open, and tells again once it does', async () => {
    const [ada, ben] = [somebody(), somebody()];
    await remember(person('ada'), pictured(ada));
    await remember(person('ben'), pictured(ben));
    const path = await keyFile('char_ada');
    const key = await readFile(path);
    const before = index();
    expect(await ids(before, pictured(ben), 'ten_a', 1)).toEqual(['char_ben']);
    for (const damage of [() => writeFile(path, 'nothing'), () => rm(path)]) {
      await damage();
      // One that had it open notices when it reads the template for an answer; a new one when it loads.
      await expect(before.find(pictured(ben), 'ten_a', 1)).rejects.toMatchObject(unable('face_template_unreadable'));
      await expect(index().find(pictured(ben), 'ten_a', 1)).rejects.toMatchObject(unable('face_template_unreadable'));
    }
    const broken = index();
    await expect(broken.find(pictured(ben), 'ten_b', 1)).rejects.toMatchObject(unable('face_template_unreadable'));
    await writeFile(path, key);
    expect(await ids(broken, pictured(ada), 'ten_a', 1)).toEqual(['char_ada']);
  });

  it('says so for a sealed template that was altered or moved to another subject', async () => {
    await remember(person('ada'), pictured(somebody()));
    await keys.create('char_eve');
    await database.$executeRaw`UPDATE likeness_templates SET subject_id = 'char_eve'`;
    await expect(index().find(pictured(somebody()), 'ten_a', 1)).rejects.toMatchObject(
      unable('face_template_unreadable'),
    );
  });

  it('says so when templates are of other networks', async () => {
    const ada = somebody();
    await remember(person('ada'), pictured(ada, 'older'));
    const faces = index();
    await expect(faces.find(pictured(ada), 'ten_a', 1)).rejects.toMatchObject(unable('face_models_differ'));
    await database.$transaction((tx) => forgetSubject(tx, person('ada')));
    expect(await faces.find(pictured(ada), 'ten_a', 1)).toEqual([]);
  });

  it('says so beyond its capacity, and tells again when there is room', async () => {
    const all = [somebody(), somebody(), somebody()];
    const faces = index({ capacity: 2 });
    for (const [i, who] of all.entries()) {
      expect(await ids(faces, pictured(who), 'ten_a', 1)).toEqual([]);
      await remember(person(String(i)), pictured(who));
    }
    await expect(faces.find(pictured(all[0]!), 'ten_a', 1)).rejects.toMatchObject(unable('faces_full'));
    await expect(index({ capacity: 2 }).find(pictured(all[0]!), 'ten_a', 1)).rejects.toMatchObject(
      unable('faces_full'),
    );
    await database.$transaction((tx) => forgetSubject(tx, person('0')));
    expect(await ids(faces, pictured(all[2]!), 'ten_a', 1)).toEqual(['char_2']);
    expect(await ids(faces, pictured(all[1]!), 'ten_a', 1)).toEqual(['char_1']);
  });

  it('says so while it loads and when the database is out of reach', async () => {
    await remember(person('ada'), pictured(somebody()));
    const slow = index({ waitMs: 0 });
    slow.start();
    await expect(slow.find(pictured(somebody()), 'ten_a', 1)).rejects.toMatchObject(unable('faces_loading'));
    await slow.refresh();
    expect(await slow.find(pictured(somebody()), 'ten_a', 1)).toHaveLength(1);
    const gone = new FaceIndex(new Database('postgresql://app:app@127.0.0.1:1/app'), keys);
    await expect(gone.find(pictured(somebody()), 'ten_a', 1)).rejects.toMatchObject(unable('faces_unread'));
  });
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '#kernel';
import { createExaminer, type Examiner, type Traced } from '#domain/examination';
import { likenessOf, type KeptPrints, type Likeness, type PrintSource } from '#domain/provenance';
import { comparePictures, decodePicture, decodeSound, PrintIndex } from '#engines/fingerprint';
import { probe, transcode } from '#engines/media';
import { compose, smallScene } from '../../support/edits.js';

const KEY = '5a'.repeat(32);
/** Sound is compared in blocks of 3 s, which a track of 3 s does not fill. */
const SECONDS = 4;
const SIZE = '1280x720';
const REAL = ['clips/flat-door-360p.mp4', 'clips/portrait-chair-360p.mp4', 'c2pa/video1_no_manifest.mp4'];
const PROMPTS = [
  'A red fox runs through a snowy forest',
  'Two sailboats on a blue lake at sunset',
  'A city street with cars in the rain at night',
  'A cat sleeps on a sofa',
  'A bear walks through a green forest in the morning',
  'A rocket flies over the desert at noon',
  'Fish swim in the sea under the waves',
  'A train crosses the mountains in fog',
];

interface Clip {
  id: string;
  /** Without the mark. */
  raw: string;
  path: string;
  kept: KeptPrints;
  sound: boolean;
}

/** All clips but one, searched as the service searches its releases. */
class Releases implements PrintSource {
  private readonly index = new PrintIndex({ frames: 100_000, words: 1_000_000 });

  constructor(private readonly clips: readonly Clip[]) {
    for (const { id, kept } of clips) {
      this.index.addPicture(id, kept.picture!);
      if (kept.sound) this.index.addSound(id, kept.sound);
    }
  }

  readonly unread = 0;
  refresh = () => Promise.resolve();
  searchPictures: PrintSource['searchPictures'] = (frames, mirrored) => this.index.searchPictures(frames, mirrored);
  searchSound: PrintSource['searchSound'] = (track) => this.index.searchSound(track);
  of: PrintSource['of'] = (ids) =>
    Promise.resolve(new Map(this.clips.filter(({ id }) => ids.includes(id)).map(({ id, kept }) => [id, kept])));
}

const EDITS: Record<string, { en: string; fr: string; make: (from: string, to: string) => Promise<unknown> }> = {
  h264_crf30: {
    en: 'coded anew, H.264 CRF 30',
    fr: 'recodée en H.264 CRF 30',
    make: (from, to) => transcode(from, to, { crf: 30 }),
  },
  scaled: {
    en: 'scaled to a short side of 240 pixels, H.264 CRF 26',
    fr: 'réduite à un petit côté de 240 pixels, H.264 CRF 26',
    make: (from, to) => transcode(from, to, { shortSide: 240, crf: 26 }),
  },
  cropped: {
    en: 'cropped by a tenth of width and height, H.264 CRF 23',
    fr: 'recadrée d’un dixième en largeur et en hauteur, H.264 CRF 23',
    make: (from, to) => compose(to, [{ path: from }], { crop: 0.9 }),
  },
  mirrored: {
    en: 'mirrored, H.264 CRF 23',
    fr: 'inversée en miroir, H.264 CRF 23',
    make: (from, to) => compose(to, [{ path: from }], { mirror: true }),
  },
};

class Counts {
  private readonly all = new Map<string, { text: { en: string; fr: string }; events: number; trials: number }>();

  add(id: string, text: { en: string; fr: string }, event: boolean): void {
    const one = this.all.get(id) ?? { text, events: 0, trials: 0 };
    this.all.set(id, { text, events: one.events + Number(event), trials: one.trials + 1 });
  }

  rates() {
    return [...this.all].map(([id, one]) => ({ id, ...one }));
  }
}

async function make(examiner: Examiner, dir: string): Promise<Clip[]> {
  const clips: Clip[] = [];
  const sources = [...PROMPTS, ...REAL];
  for (const [i, source] of sources.entries()) {
    const drawn = i < PROMPTS.length;
    const raw = drawn ? join(dir, `raw${i}.mp4`) : join(projectRoot, 'tests/fixtures', source);
    if (drawn) await examiner.run('render', { request: smallScene(source, `${i}`, SECONDS, SIZE), toPath: raw });
    const [id, path] = [(i + 1).toString(16).padStart(16, '0'), join(dir, `release${i}.mp4`)];
    await examiner.run('mark', { input: raw, output: path, key: KEY, releaseId: id });
    const { picture, sound } = await examiner.run('fingerprints', { path });
    const kept = { picture: decodePicture(picture), sound: sound && decodeSound(sound) };
    clips.push({ id, raw, path, kept, sound: (await probe(path)).audio !== null });
  }
  return clips;
}

const trace = (examiner: Examiner, path: string): Promise<Traced> =>
  examiner.run('trace', { path, keys: [KEY], search: 'scale' });
const none = { marks: [], named: [] };
const whole = ({ finding: { state, releaseId, share } }: Likeness, id: string) =>
  state === 'near' && releaseId === id && share! >= 0.8;

/** Every clip without its mark against each other release. */
async function strangers(examiner: Examiner, clips: Clip[], counts: Counts): Promise<void> {
  for (const { id, raw } of clips) {
    const traced = await trace(examiner, raw);
    if (!traced.picture.ok) throw new Error(traced.picture.reason);
    counts.add(
      'watermark_found_in_unmarked',
      {
        en: 'A mark is read from a clip that carries none.',
        fr: 'Un filigrane est lu dans une vidéo qui n’en porte pas.',
      },
      !traced.watermark.ok || traced.watermark.value.state === 'found' || traced.picture.value.windows.length > 0,
    );
    for (const other of clips.filter((one) => one.id !== id)) {
      const { picture, sound } = await likenessOf(traced, none, new Releases([other]));
      counts.add(
        'picture_fingerprint_false_match',
        {
          en: 'Pictures of a clip are found near an unrelated release, searched among all releases. Pairs of a clip and a release; a clip is in many pairs, so they are not independent.',
          fr: 'Les images d’une vidéo sont jugées proches d’une diffusion sans rapport, cherchée parmi toutes. Paires vidéo-diffusion ; une vidéo figure dans plusieurs paires, qui ne sont donc pas indépendantes.',
        },
        picture.finding.state === 'near',
      );
      counts.add(
        'picture_fingerprint_false_match_named',
        {
          en: 'The same, where a mark or credentials name the release.',
          fr: 'De même, lorsqu’un filigrane ou un certificat désigne la diffusion.',
        },
        comparePictures(traced.picture.value.frames, other.kept.picture!).length > 0,
      );
      if (sound.finding.state === 'not_run') continue;
      counts.add(
        'sound_fingerprint_false_match',
        {
          en: 'Sound of a clip is found near an unrelated release. Pairs, as above; most of the sound is made by the embedded generator.',
          fr: 'Le son d’une vidéo est jugé proche d’une diffusion sans rapport. Paires, comme ci-dessus ; le son vient surtout du générateur intégré.',
        },
        sound.finding.state === 'near',
      );
    }
  }
}

/** Every release, edited: is it found again? */
async function copies(examiner: Examiner, clips: Clip[], dir: string, counts: Counts): Promise<void> {
  const source = new Releases(clips);
  for (const [name, { en, fr, make: edit }] of Object.entries(EDITS)) {
    for (const { id, path, sound } of clips) {
      const copy = join(dir, 'copy.mp4');
      await edit(path, copy);
      const traced = await trace(examiner, copy);
      const marks = traced.watermark.ok && traced.watermark.value.releaseId === id ? [id] : [];
      const likeness = await likenessOf(traced, { marks, named: [] }, source);
      counts.add(
        `watermark_miss_${name}`,
        { en: `The mark of a copy is not read: ${en}.`, fr: `Le filigrane d’une copie n’est pas lu : ${fr}.` },
        marks.length === 0,
      );
      counts.add(
        `picture_fingerprint_miss_${name}`,
        {
          en: `Less than four fifths of a copy's pictures are found near their release: ${en}.`,
          fr: `Moins de quatre cinquièmes des images d’une copie sont jugés proches de leur diffusion : ${fr}.`,
        },
        !whole(likeness.picture, id),
      );
      if (name !== 'h264_crf30' || !sound || likeness.sound.finding.state === 'not_run') continue;
      counts.add(
        'sound_fingerprint_miss_aac',
        {
          en: 'The sound of a copy is not found near its release: AAC at 128 kbit/s.',
          fr: 'Le son d’une copie n’est pas jugé proche de sa diffusion : AAC à 128 kbit/s.',
        },
        likeness.sound.finding.releaseId !== id,
      );
    }
  }
}

/** Prints the table and writes it to the named file, by default the one that reports read. */
export async function main([to]: string[]): Promise<number> {
  const dir = await mkdtemp(join(tmpdir(), 'imprimatur-eval-'));
  const examiner = createExaminer({ processes: 2, maxRssMb: 1500, timeoutMs: 300_000 });
  try {
    const counts = new Counts();
    const clips = await make(examiner, dir);
    await strangers(examiner, clips, counts);
    await copies(examiner, clips, dir, counts);
    const day = new Date().toISOString().slice(0, 10);
    const set = `${PROMPTS.length} clips of ${SECONDS} s from the embedded generator at ${SIZE} and ${REAL.length} real ones of tests/fixtures`;
    const source = `${set}; node tests/eval/prints/run.mjs, ${day}`;
    const file = to ?? join(projectRoot, 'libs/domain/provenance/error-rates.json');
    await writeFile(file, `${JSON.stringify({ source, rates: counts.rates() }, null, 2)}\n`);
    for (const { id, events, trials } of counts.rates()) console.log(`${id}: ${events} of ${trials}`);
    return 0;
  } finally {
    await examiner.close();
    await rm(dir, { recursive: true, force: true });
  }
}

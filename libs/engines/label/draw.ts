import type { AppliedLabel, LabelCue, LabelKind, LabelProfile } from '#contracts';
import type { GreyPatch } from '#engines/media';
import { icon, outlined, type Art } from './art.js';
import { LabelError } from './errors.js';
import { boxAt, capHeight, safeWidth, STAY_S } from './layout.js';
import { ICON_WORDS, wordsOf } from './words.js';

/** Smallest side on which letters can still be read, in pixels. */
const MIN_SIDE = 64;

/** A label for frames of one size. */
export interface DrawnLabel {
  /** The drawings over the picture at a time, in seconds from the first frame. */
  patchesAt(timeS: number): readonly GreyPatch[];
  /** What is shown when and where, for a clip of that many seconds. */
  applied(durationS: number): AppliedLabel;
}

type Part = { kind: Exclude<LabelKind, 'none'>; text: string; art: Art };

async function artOf(kind: Part['kind'], profile: LabelProfile, width: number, height: number): Promise<Art> {
  const cap = capHeight(width, height);
  if (kind === 'eu') {
    const { sign, word } = ICON_WORDS[profile.language];
    return icon(sign, word, cap);
  }
  return outlined(wordsOf(kind, profile), cap * (kind === 'name' ? 0.8 : 0.6), safeWidth(width));
}

/** Stretches in which a part stays where it is. */
function* stays(kind: LabelKind, durationS: number): Generator<[from: number, to: number]> {
  const stay = kind === 'name' ? STAY_S : durationS;
  for (let from = 0; from < durationS; from += stay) yield [from, Math.min(durationS, from + stay)];
}

/**
 * Draws the label of a profile for frames of `width` x `height` pixels. Every part is shown for the whole clip.
 * @throws LabelError `label_undrawable`, `label_frame_too_small`
 */
export async function drawLabel(profile: LabelProfile, width: number, height: number): Promise<DrawnLabel> {
  if (Math.min(width, height) < MIN_SIDE) {
    throw new LabelError('label_frame_too_small', `A label needs frames of at least ${MIN_SIDE} pixels a side.`);
  }
  const { position, delivery, language } = profile;
  const parts: Part[] = [];
  for (const kind of profile.kinds) {
    if (kind !== 'none')
      parts.push({ kind, text: wordsOf(kind, profile), art: await artOf(kind, profile, width, height) });
  }
  const boxOf = ({ kind, art }: Part, timeS: number) => boxAt(kind, position, art, { width, height }, timeS);
  const cue = (part: Part, from: number, to: number): LabelCue => {
    const box = boxOf(part, from);
    const share = { x: box.left / width, y: box.top / height, width: box.width / width, height: box.height / height };
    return { kind: part.kind, text: part.text, from_s: from, to_s: to, box: share };
  };
  return {
    patchesAt: (timeS) =>
      parts.map((part) => {
        const { left, top } = boxOf(part, timeS);
        return { ...part.art, left, top };
      }),
    applied: (durationS) => ({
      kinds: profile.kinds,
      delivery,
      language,
      cues: parts.flatMap((part) => [...stays(part.kind, durationS)].map(([from, to]) => cue(part, from, to))),
    }),
  };
}

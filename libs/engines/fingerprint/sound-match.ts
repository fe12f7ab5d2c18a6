import { popcount } from './hash.js';
import { SOUND_STEPS_PER_S, type SoundFingerprint } from './sound.js';

/** Sub-fingerprints in a block: 3 s (section 4.3 of the paper). */
export const SOUND_BLOCK = 256;

/**
 * Share of wrong bits up to which two blocks are the same sound. The paper derives a false alarm rate of 3.6e-20 for
 * it, counting bits of real music as a third as free as independent ones.
 */
export const SOUND_MATCH_BER = 0.35;

/** Share of a block that must be usable on both sides before anything is said of it. */
const ENOUGH = 0.75;
/** Places of the release that one block is compared with, at most. */
const MOST_CANDIDATES = 64;
/** Places that one sub-fingerprint may stand for: sustained tones repeat one word and would cost without telling. */
const MOST_PLACES = 32;

/**
 * Share of differing bits (0..1) of `count` sub-fingerprints, over those that are usable on both sides. Null when
 * fewer than three quarters are, or the block is not wholly inside both.
 */
export function soundBlockBer(
  a: SoundPrint,
  atA: number,
  b: SoundPrint,
  atB: number,
  count: number = SOUND_BLOCK,
): number | null {
  if (atA < 0 || atB < 0 || atA + count > a.words.length || atB + count > b.words.length) return null;
  let wrong = 0;
  let used = 0;
  for (let i = 0; i < count; i++) {
    if (!a.usable[atA + i] || !b.usable[atB + i]) continue;
    used++;
    wrong += popcount((a.words[atA + i] as number) ^ (b.words[atB + i] as number));
  }
  return used < ENOUGH * count || used === 0 ? null : wrong / (32 * used);
}

/** What is kept of a release's sound: {@link SoundFingerprint} without the weak bits, which only a query needs. */
export type SoundPrint = Pick<SoundFingerprint, 'words' | 'usable'>;

/** A block of a release that sounds like the block asked for. */
export interface SoundMatch {
  /** First sub-fingerprint in the release. */
  at: number;
  /** Share of bits that differ, 0..0.35. */
  ber: number;
}

/** A release's sub-fingerprints, found by their exact value. */
export class SoundIndex {
  /** Usable places, in order of their words. */
  private readonly places: Uint32Array;

  constructor(readonly release: SoundPrint) {
    const { words, usable } = release;
    const places = Uint32Array.from(words.keys()).filter((place) => usable[place]);
    this.places = places.sort((a, b) => (words[a] as number) - (words[b] as number) || a - b);
  }

  /** Calls `visit` with the places of a word, unless there are too many to tell anything. */
  private each(word: number, visit: (place: number) => void): void {
    const { words } = this.release;
    const { places } = this;
    let low = 0;
    for (let high = places.length; low < high;) {
      const mid = (low + high) >>> 1;
      if ((words[places[mid] as number] as number) < word) low = mid + 1;
      else high = mid;
    }
    let end = low;
    while (end < places.length && words[places[end] as number] === word) if (++end - low > MOST_PLACES) return;
    for (let i = low; i < end; i++) visit(places[i] as number);
  }

  /**
   * The best place of the release for the block that begins at `at`, or null. Candidates are the places where one of
   * the block's sub-fingerprints is found, as it is or with one of its three weakest bits changed, those found most
   * often first; at most 64 are compared.
   */
  match(query: SoundFingerprint, at: number): SoundMatch | null {
    const votes = new Map<number, number>();
    for (let i = 0; i < SOUND_BLOCK && at + i < query.words.length; i++) {
      if (!query.usable[at + i]) continue;
      const word = query.words[at + i] as number;
      const vote = (place: number) => void votes.set(place - i, (votes.get(place - i) ?? 0) + 1);
      this.each(word, vote);
      const weak = query.weak.subarray(3 * (at + i), 3 * (at + i) + 3);
      for (const bit of weak) this.each((word ^ (1 << bit)) >>> 0, vote);
    }
    let best: SoundMatch | null = null;
    const candidates = [...votes].sort((a, b) => b[1] - a[1]).slice(0, MOST_CANDIDATES);
    for (const [place] of candidates) {
      const ber = soundBlockBer(query, at, this.release, place);
      if (ber !== null && ber <= SOUND_MATCH_BER && (best === null || ber < best.ber)) best = { at: place, ber };
    }
    return best;
  }
}

/** Seconds of a submitted track that are a release's sound. */
export interface SoundRun {
  /** Second of the submitted track at which it begins. */
  startS: number;
  /** Second at which it ends; a last second that is not whole is left out. */
  endS: number;
  /** Second of the release at which the run begins. */
  releaseStartS: number;
  /** Median share of bits that differ in its seconds, 0..0.35. */
  ber: number;
}

/** What comparing a track with a release gave. */
export interface SoundComparison {
  /** In order of time; they do not overlap. */
  runs: SoundRun[];
  /** Seconds of the submitted track that could be compared: whole, and not silent. */
  compared: number;
  /** Those of them that are in a run. */
  matched: number;
}

/** First sub-fingerprint of a second. */
const stepOf = (second: number) => Math.round(second * SOUND_STEPS_PER_S);
/** Sub-fingerprints by which one run's place may wander: what tracks' clocks differ by, and the hop's rounding. */
const WANDER = 2;

interface Heard {
  second: number;
  offset: number;
  ber: number;
}

/**
 * Which seconds of a submitted track are in a release, and where. Every second begins a block of 3 s that is looked
 * up; each second of a block that is found must then be within the threshold by itself, so that a run ends where a
 * splice does, to the second. Silent seconds are in no run.
 */
export function compareSound(submitted: SoundFingerprint, release: SoundIndex): SoundComparison {
  const heard = new Map<number, Heard>();
  const seconds = Math.floor(submitted.words.length / SOUND_STEPS_PER_S);
  const berOf = (second: number, offset: number) => {
    const at = stepOf(second);
    return soundBlockBer(submitted, at, release.release, at + offset, stepOf(second + 1) - at);
  };
  for (let second = 0; second < seconds; second++) {
    const at = stepOf(second);
    const found = release.match(submitted, at);
    if (found === null) continue;
    for (let inside = second; inside < Math.min(second + 3, seconds); inside++) {
      const ber = berOf(inside, found.at - at);
      const known = heard.get(inside);
      if (ber === null || ber > SOUND_MATCH_BER || (known && known.ber <= ber)) continue;
      heard.set(inside, { second: inside, offset: found.at - at, ber });
    }
  }
  const compared = Array.from({ length: seconds }, (_, second) => {
    const at = stepOf(second);
    const count = stepOf(second + 1) - at;
    return submitted.usable.subarray(at, at + count).reduce((sum, one) => sum + one, 0) >= ENOUGH * count;
  }).filter(Boolean).length;
  return { runs: runsOf([...heard.values()].sort((a, b) => a.second - b.second)), compared, matched: heard.size };
}

/** Joins seconds that follow each other at one place of the release. */
function runsOf(heard: readonly Heard[]): SoundRun[] {
  const groups: Heard[][] = [];
  for (const one of heard) {
    const last = groups.at(-1)?.at(-1);
    if (last && one.second === last.second + 1 && Math.abs(one.offset - last.offset) <= WANDER)
      groups.at(-1)!.push(one);
    else groups.push([one]);
  }
  return groups.map((group) => {
    const { second, offset } = group[0] as Heard;
    const bers = group.map(({ ber }) => ber).sort((a, b) => a - b);
    return {
      startS: second,
      endS: second + group.length,
      releaseStartS: Math.max(0, second + offset / SOUND_STEPS_PER_S),
      ber: bers[bers.length >> 1] as number,
    };
  });
}

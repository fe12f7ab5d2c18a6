/** What a comparison is for: the harm of an error differs, so the threshold does. */
export type MatchUse = 'consent' | 'gallery';

/**
 * Thresholds of the fused score, cosine(faceres) - distance(dlib + mirror). Error rates: the study of 54 genuine and
 * 3,317 impostor pairs of portraits and group photographs before this product was built, faces found by YuNet. They
 * have to be replaced by a calibration on at least 10,000 impostor pairs with reports by sex, skin tone and age.
 */
export const FACE_THRESHOLDS: Record<MatchUse, { fused: number; falseMatchRate: number }> = {
  /**
   * A false match is the harm: a stranger would pass as the person who agreed. 3 of 3,317 impostor pairs reached 0.197,
   * and 93 % of the genuine ones. Among faces of 80 pixels and more, which alone are let through here, that rate was
   * reached at 0.028 already (1,051 impostors, all genuine pairs); the stricter number stays until more pairs are measured.
   */
  consent: { fused: 0.2, falseMatchRate: 1e-3 },
  /**
   * A false non-match is the harm: a public figure would pass unseen. 1 of 100 impostor pairs reached 0.051, and all
   * genuine ones. A gallery of N persons multiplies the rate by about N: candidates for a person, not an answer.
   */
  gallery: { fused: 0.05, falseMatchRate: 1e-2 },
};

/**
 * Score that strangers reach at a given rate: a line through the two measured rates of {@link FACE_THRESHOLDS}, in their
 * logarithms. Beyond the measured rates it is a guess on the safe side: the true rates fall faster.
 * @param rate 0 < rate <= 1
 */
export function thresholdFor(rate: number): number {
  const { consent, gallery } = FACE_THRESHOLDS;
  // The measured scores themselves: the thresholds are rounded.
  const [often, seldom] = [0.051, 0.197];
  const decades = Math.log10(gallery.falseMatchRate / consent.falseMatchRate);
  return often + ((seldom - often) / decades) * Math.log10(gallery.falseMatchRate / rate);
}

/**
 * When two stretches of a clip are one person without doubt: all 3,317 impostor pairs stayed under 0.273 or over 0.408.
 * Joining two persons would hide one behind the other's consent, so this is stricter than any match.
 */
export const JOIN = { fused: 0.3, dlib: 0.4 } as const;

/** Distance of single dlib views: one person from frame to frame (the study's genuine pairs reached 0.583). */
export const TRACK = {
  /** The same person wherever he or she walked meanwhile. */
  same: 0.45,
  /** Another person even in the same place. */
  other: 0.6,
} as const;

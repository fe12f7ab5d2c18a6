/**
 * Constants of the mark `org.imprimatur.wm.1`. All lengths are in canonical pixels: the luma plane scaled so that
 * its short side is {@link CANONICAL_SHORT_SIDE}. Changing anything but a receiver constant makes another mark.
 */

/** Name of the algorithm in C2PA soft bindings. */
export const WATERMARK_ALG = 'org.imprimatur.wm.1';

export const CANONICAL_SHORT_SIDE = 384;
/** Period of the pattern in both directions; a power of two. */
export const TILE = 128;
/** Radii of the annulus that holds the mark, cycles per canonical pixel. */
export const BAND_LOW = 0.045;
export const BAND_HIGH = 0.2;
/** Bins with |u| or |v| at most this stay empty: there lie borders, captions and codec blocking. */
export const AXIS_GUARD = 1;
export const PILOT_SHARE = 0.2;

export const ID_BITS = 64;
export const CRC_BITS = 24;
export const MESSAGE_BITS = ID_BITS + CRC_BITS;

/** Smallest accepted decision statistic; see README for the bound that follows. */
export const THRESHOLD_Z = 13.5;
/**
 * Smallest z at which a stretch of a clip counts as carrying an id that was read from more of the clip at the same pose:
 * by itself, or together with its neighbours when it has {@link EXPECTED_OWN_Z} by itself.
 */
export const EXPECTED_Z = 6;
export const EXPECTED_OWN_Z = 2;
/** log2 of the number of geometric hypotheses allowed for in the stated bound; far above what is ever decoded. */
export const HYPOTHESES_LOG2 = 35;

/** Shorter frames hold less than one tile at a usable scale. */
export const MIN_SHORT_SIDE = 96;
export const MAX_LONG_SIDE = 8192;

/** Mask v2 (levels of an 8-bit plane). */
export const MASK_FLAT = 0.5;
export const MASK_SLOPE = 0.42;
export const MASK_SIGMA_CAP = 14;
/** Largest gain: 0.5 * 1.2 gives 0.6 level RMS on flat areas. */
export const GAIN_CAP = 1.2;
export const TARGET_PSNR_DB = 43;

/** Scale search range, relative to the content found in the frame. */
export const SCALE_MIN = 0.4;
export const SCALE_MAX = 1.62;
export const SCALE_STEP = 0.004;
export const ROTATION_MAX_DEG = 5;
export const ROTATION_STEP_DEG = 0.3;
/** Search for unequal scaling: ratio of the horizontal to the vertical scale, less one. */
export const ASPECT_MAX = 0.061;
export const ASPECT_STEP = 0.02;

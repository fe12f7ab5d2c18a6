/**
 * Operating points. Where a number was measured, the README says on what; the rest are choices and say why.
 * `verifyLiveness` takes others for a study, but a challenge is decided with these.
 */
export const LIMITS = {
  /** Samples per second that must exist; a closing of the eyes of 0.4 s then has three samples. */
  perSecond: 8,
  /** Longest gap between samples, seconds. */
  gapS: 0.35,
  /** Longest recording that is looked at, seconds beyond the challenge. */
  overS: 15,
  /** Share of samples in which a face with a mesh must be seen. */
  faceShare: 0.95,
  /** Share of samples in which a second face may flicker up. */
  secondFaceShare: 0.02,
  meshScore: 0.6,
  /** Width of the box in pixels, median; below, lids and nose are a few pixels only. */
  widthPx: 90,
  /** Movement per tenth of a second: the centre in box widths, the size as a ratio, any angle in degrees. */
  jump: { centre: 0.3, size: 1.25, degrees: 30 },
  /** Seconds by which clocks and the start of a recording may differ. */
  skewS: 5,
  lateS: 0.8,
  /** Degrees away from the person's own straight look: a turn, a nod, and what counts as straight again. */
  turn: 11,
  nod: 8,
  straight: { yaw: 6.5, pitch: 5 },
  /** Shortest pose that counts, seconds. */
  holdS: 0.25,
  /** Shares of the person's open eye, and how long a deliberate closing takes, seconds. */
  lids: { shut: 0.82, open: 0.88, shortestS: 0.19, longestS: 2.5 },
  /** Least shift of the nose off the middle line per turn, in lengths of that line. */
  nose: 0.03,
  /** Least residual of the best plane-to-plane map, in distances of the outer eye corners. */
  plane: 0.024,
  /**
   * Least root mean square movement of the centre between neighbouring samples, in box widths. Only a frozen picture
   * is below: the noise of a camera alone makes the meshes of a still photograph tremble by 0.0008 to 0.0026.
   */
  motion: 0.0004,
  /** Views of the face that must be comparable. */
  views: 4,
} as const;
export type Limits = typeof LIMITS;

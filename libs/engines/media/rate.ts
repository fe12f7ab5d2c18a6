/** A frame rate as a fraction; 23.976, 29.97 and 59.94 become the NTSC fractions they stand for. */
export function rationalRate(fps: number): { num: number; den: number } {
  if (Number.isInteger(fps)) return { num: fps, den: 1 };
  const ntsc = Math.round(fps * 1.001);
  if (Math.abs(ntsc / 1.001 - fps) < 0.005) return { num: ntsc * 1000, den: 1001 };
  return { num: Math.round(fps * 1000), den: 1000 };
}

/** A rate that a header states, or 0/1 when it is none that a clip can have. */
export function plausibleRate({ num, den }: { num: number; den: number }): { num: number; den: number } {
  const fps = den > 0 ? num / den : 0;
  return fps >= 0.1 && fps <= 1000 ? { num, den } : { num: 0, den: 1 };
}

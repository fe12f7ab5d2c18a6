/** Numbers 0..1 that a seed decides (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

/**
 * Made-up music, mono, peaks under 0.9: three voices of plucked notes with six harmonics each, of random pitch and
 * length, and bursts of noise as a drum would make. Every seed is another piece.
 */
export function tune(seed: number, seconds: number, rate: number): Float32Array {
  const random = seeded(seed);
  const sound = new Float32Array(Math.round(seconds * rate));
  for (let voice = 0; voice < 3; voice++) {
    for (let at = 0; at < sound.length;) {
      const length = Math.round((0.12 + 0.5 * random()) * rate);
      const step = (2 * Math.PI * 110 * 2 ** (Math.floor(random() * 36) / 12)) / rate;
      const loud = 0.03 + 0.06 * random();
      const drum = random() < 0.3 ? 0.08 : 0;
      for (let i = 0; i < length && at + i < sound.length; i++) {
        const fade = Math.min(1, i / (0.01 * rate)) * Math.exp((-4 * i) / length);
        let value = drum * (random() - 0.5) * Math.exp((-30 * i) / rate);
        for (let h = 1; h <= 6; h++) if (step * h < 3) value += (loud / h) * Math.sin(step * h * i) * fade;
        sound[at + i]! += value;
      }
      at += length;
    }
  }
  return sound;
}

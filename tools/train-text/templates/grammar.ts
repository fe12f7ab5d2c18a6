/** Deterministic random numbers (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export type Slots = Readonly<Record<string, string>>;

function pick(list: readonly string[], random: () => number): string {
  return list[Math.floor(random() * list.length)] ?? '';
}

/** Fills `{slot}` and `[a|b|c]` with random choices; slots may hold slots. */
export function expand(frame: string, slots: Slots, random: () => number): string {
  let text = frame;
  for (let round = 0; round < 6 && /[[{]/.test(text); round++) {
    text = text.replace(/\{(\w+)\}/g, (_, name: string) => {
      const slot = slots[name];
      if (slot === undefined) throw new Error(`template names an unknown slot {${name}}`);
      return pick(slot.split('|'), random);
    });
    text = text.replace(/\[([^[\]]*)\]/g, (_, options: string) => pick(options.split('|'), random));
  }
  return text.replace(/\s+/g, ' ').replace(/\s+([,.])/g, '$1').trim(); // prettier-ignore
}

/** Lines of a template text, empty ones left out. */
export function lines(text: string): string[] {
  return text.split('\n').map((line) => line.trim()).filter((line) => line !== ''); // prettier-ignore
}

/** Up to `count` different texts; every frame is used before any is used twice. */
export function generate(frames: readonly string[], slots: Slots, count: number, seed: number): string[] {
  const random = randomFrom(seed);
  const seen = new Set<string>();
  for (let i = 0; i < count * 4 && seen.size < count; i++) seen.add(expand(frames[i % frames.length]!, slots, random));
  return [...seen];
}

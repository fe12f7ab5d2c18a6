import { useStore } from 'react-admin';

/** How pictures are shown before anybody asks for more. All on by default. */
export interface Wellness {
  grey: boolean;
  /** Blur of the page on top of that of the stills: 0 shows the clear ones. */
  blur: 0 | 1 | 2;
  mute: boolean;
  /** Single letters decide; who types by voice or by accident can switch them off. */
  keys: boolean;
}

/** What everybody begins with. */
export const GENTLE: Wellness = { grey: true, blur: 1, mute: true, keys: true };

/** The reader's own setting, kept in this browser. */
export function useWellness(): [Wellness, (next: Wellness) => void] {
  const [kept, keep] = useStore<Wellness>('desk.wellness', GENTLE);
  return [{ ...GENTLE, ...kept }, keep];
}

/** The filter of a picture that is not asked for in the clear. @param film of moving pictures, which come without any blur */
export function filterOf({ grey, blur }: Wellness, film: boolean): string {
  const px = blur === 0 ? 0 : blur * (film ? 10 : 3);
  return [grey && 'grayscale(1)', px && `blur(${px}px)`].filter(Boolean).join(' ') || 'none';
}

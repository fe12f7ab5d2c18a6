import { plain } from './plain.js';

/** Text that a stranger wrote: a name of a file, of a signer, of a title. Shown as text, cut, and unable to turn its surroundings. */
export function Foreign({ text, max = 120 }: { text: string; max?: number }) {
  return <bdi className="foreign">{plain(text, max)}</bdi>;
}

// A process of its own: untrusted or not, media is not decoded in the demo's process.
import { transcode } from '#engines/media';

const [input, output] = process.argv.slice(2);
if (!input || !output) throw new Error('usage: reencode IN OUT');
await transcode(input, output, { shortSide: 540, crf: 28 });
process.exit(0);

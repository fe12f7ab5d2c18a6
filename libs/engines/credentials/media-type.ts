const BMFF = /^(video|audio|image)\/(mp4|quicktime|x-m4v|x-m4a|3gpp|heic|heif|avif|heic-sequence|heif-sequence)$/;
const SIGNATURES: { at: number; magic: string; mime: string }[] = [
  { at: 0, magic: '\xff\xd8\xff', mime: 'image/jpeg' },
  { at: 0, magic: '\x89PNG\r\n\x1a\n', mime: 'image/png' },
  { at: 0, magic: 'GIF8', mime: 'image/gif' },
  { at: 0, magic: '%PDF', mime: 'application/pdf' },
  { at: 0, magic: 'II*\0', mime: 'image/tiff' },
  { at: 0, magic: 'MM\0*', mime: 'image/tiff' },
  { at: 0, magic: 'ID3', mime: 'audio/mpeg' },
  { at: 8, magic: 'WEBP', mime: 'image/webp' },
  { at: 8, magic: 'WAVE', mime: 'audio/wav' },
  { at: 8, magic: 'AVI ', mime: 'video/avi' },
  { at: 4, magic: 'jumb', mime: 'application/c2pa' },
];

/**
 * Media type to read a file as. The first bytes outrank the declared type, so that a wrong declaration cannot make
 * credentials look absent.
 */
export function mediaTypeOf(file: Uint8Array, declared: string): string {
  const head = Buffer.from(file.subarray(0, 16)).toString('latin1');
  const plain = declared.split(';')[0]!.trim().toLowerCase();
  if (head.slice(4, 8) === 'ftyp') return BMFF.test(plain) ? plain : 'video/mp4';
  const known = SIGNATURES.find(({ at, magic }) => head.slice(at, at + magic.length) === magic);
  return known?.mime ?? plain;
}

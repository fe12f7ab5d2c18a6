function box(type: string, payload: Uint8Array): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(payload.length + 8, 0);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, payload]);
}

/**
 * The smallest file with the top-level boxes of an MP4: `ftyp`, `moov` with a movie header and no track, `mdat`.
 * It holds no picture: for tests of transport only.
 * @param mediaBytes size of `mdat`'s payload
 */
export function stubClip(mediaBytes = 4096): Buffer {
  const header = Buffer.alloc(100);
  header.writeUInt32BE(1000, 12);
  header.writeUInt32BE(4000, 16);
  const media = Buffer.alloc(mediaBytes, 0x5a);
  const ftyp = box('ftyp', Buffer.from('isom\0\0\0\0isommp42', 'latin1'));
  return Buffer.concat([ftyp, box('moov', box('mvhd', header)), box('mdat', media)]);
}

/** The same without its index. */
export function stubClipWithoutMoov(): Buffer {
  return Buffer.concat([box('ftyp', Buffer.from('isom\0\0\0\0isommp42', 'latin1')), box('mdat', Buffer.alloc(64))]);
}

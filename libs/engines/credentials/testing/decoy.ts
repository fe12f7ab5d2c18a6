import { createServer, type AddressInfo } from 'node:net';

/** A listening server that nobody may talk to. */
export interface Decoy {
  /** `http://127.0.0.1:PORT` */
  url: string;
  /** Connections since the start or the last `reset`. */
  connections(): number;
  reset(): void;
  close(): Promise<void>;
}

/** Opens a port of this machine and counts who connects; each gets a 404. */
export async function openDecoy(): Promise<Decoy> {
  let count = 0;
  const server = createServer((socket) => {
    count++;
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: () => count,
    reset: () => (count = 0),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** XMP that names a manifest elsewhere. */
export function xmpNaming(url: string): Buffer {
  return Buffer.from(
    `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dcterms="http://purl.org/dc/terms/" dcterms:provenance="${url}"/></rdf:RDF></x:xmpmeta>`,
  );
}

/** Puts XMP into an MP4, behind its first box. */
export function withXmp(mp4: Buffer, xmp: Buffer): Buffer {
  const header = Buffer.alloc(24);
  header.writeUInt32BE(header.length + xmp.length);
  header.write('uuid', 4, 'latin1');
  header.write('be7acfcb97a942e89c71999491e3afac', 8, 'hex');
  const first = mp4.readUInt32BE(0);
  return Buffer.concat([mp4.subarray(0, first), header, xmp, mp4.subarray(first)]);
}

/** Puts XMP into a JPEG. */
export function jpegWithXmp(jpeg: Buffer, xmp: Buffer): Buffer {
  const content = Buffer.concat([Buffer.from('http://ns.adobe.com/xap/1.0/\0'), xmp]);
  const header = Buffer.from([0xff, 0xe1, (content.length + 2) >> 8, (content.length + 2) & 0xff]);
  return Buffer.concat([jpeg.subarray(0, 2), header, content, jpeg.subarray(2)]);
}

// XMP names a manifest that is kept elsewhere in this property, as an attribute or an element.
const PROPERTY = Buffer.from('dcterms:provenance');
const VALUE = /^dcterms:provenance\s*(?:=\s*"([^"]*)"|=\s*'([^']*)'|>([^<]*)<)/;
const MAX_BYTES = 4096;
const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/**
 * Address of a remote manifest that the XMP of a file names; null when it names none. Read by this room itself, for the
 * C2PA library tells of it only where nothing is embedded. Attacker-controlled text: it is never fetched.
 */
export function remoteManifestIn(file: Uint8Array): string | null {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  for (let at = bytes.indexOf(PROPERTY); at >= 0; at = bytes.indexOf(PROPERTY, at + PROPERTY.length)) {
    const match = VALUE.exec(bytes.toString('utf8', at, at + MAX_BYTES));
    const text = (match?.[1] ?? match?.[2] ?? match?.[3] ?? '').trim();
    // What is embedded is named as `self#jumbf=...`.
    if (/^https?:/i.test(text)) {
      return text.replace(/&(amp|lt|gt|quot|apos);/g, (_all, name: string) => ENTITIES[name]!);
    }
  }
  return null;
}

/** The same from the library's `RemoteManifestUrl("...")`, whose text may itself hold brackets and quotes. */
export function remoteManifestOf(rejection: string): string | null {
  const match = /RemoteManifestUrl\("?(.*?)"?\)+$/s.exec(rejection);
  return match ? match[1]!.replace(/\\(["\\])/g, '$1') : null;
}

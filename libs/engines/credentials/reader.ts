import { type CredentialsFinding } from '#contracts';
import { messageOf } from '#kernel';
import { examineSignature, type ParsedTrust } from './evidence.js';
import { findingFrom, findingWithout, type LibraryReport } from './finding.js';
import { mentionsCredentials } from './jumbf.js';
import { mediaTypeOf } from './media-type.js';
import { librarySettings, WasmReader } from './wasm.js';

/** True for a defect of the WASM instance itself, after which it must not be used again. */
export function isTrap(thrown: unknown): boolean {
  return thrown instanceof WebAssembly.RuntimeError || thrown instanceof RangeError;
}

/** The library rejects with plain strings such as `C2pa(JumbfNotFound)`. Only that one means "no credentials". */
function findingOfRejection(thrown: unknown, file: Uint8Array): CredentialsFinding {
  const reason = messageOf(thrown);
  const present = mentionsCredentials(file);
  if (reason.includes('JumbfNotFound')) {
    return present
      ? findingWithout('damaged', 'The file mentions credentials, but none could be found.')
      : findingWithout('none');
  }
  const remote = /RemoteManifestUrl\("?([^")]*)/.exec(reason);
  if (remote) return findingWithout('damaged', `Credentials are kept elsewhere and were not fetched: ${remote[1]}`);
  return findingWithout(present ? 'damaged' : 'unable', reason);
}

function storeOf(reader: WasmReader, label: string): Uint8Array {
  // For a signature box the library gives the whole manifest store, exactly as it read it.
  return reader.resourceToBytes(`self#jumbf=/c2pa/${label}/c2pa.signature`);
}

/**
 * Reads the credentials of a file that is in memory.
 * @param declared media type as declared
 * @throws only what {@link isTrap} recognises
 */
export async function readCredentials(
  file: Uint8Array,
  declared: string,
  trust: ParsedTrust,
): Promise<CredentialsFinding> {
  const mime = mediaTypeOf(file, declared);
  // The hard binding of a detached store always fails, which would read as tampering.
  if (mime === 'application/c2pa') return findingWithout('unable', 'A manifest store alone says nothing about a clip.');
  let reader: WasmReader | undefined;
  try {
    reader = await WasmReader.fromBytes(mime, file, librarySettings(trust.settings));
    const label = reader.activeLabel();
    if (!label) return findingWithout('damaged', 'There is no active manifest.');
    const report = JSON.parse(reader.json()) as LibraryReport;
    return findingFrom(report, label, evidenceIn(reader, label, trust), trust.settings);
  } catch (thrown) {
    if (isTrap(thrown)) throw thrown;
    return findingOfRejection(thrown, file);
  } finally {
    reader?.free();
  }
}

function evidenceIn(reader: WasmReader, label: string, trust: ParsedTrust) {
  try {
    return examineSignature(storeOf(reader, label), label, trust);
  } catch (thrown) {
    if (isTrap(thrown)) throw thrown;
    return null;
  }
}

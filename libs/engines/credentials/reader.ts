import { type CredentialsFinding } from '#contracts';
import { messageOf } from '#kernel';
import { examineSignature, type ParsedTrust } from './evidence.js';
import { findingFrom, findingWithout } from './finding.js';
import { mentionsCredentials } from './jumbf.js';
import { mediaTypeOf } from './media-type.js';
import { remoteManifestIn, remoteManifestOf } from './remote.js';
import { type LibraryReport } from './report.js';
import { librarySettings, WasmReader } from './wasm.js';

/** True for a defect of the WASM instance itself, after which it must not be used again. */
export function isTrap(thrown: unknown): boolean {
  return thrown instanceof WebAssembly.RuntimeError || thrown instanceof RangeError;
}

/** The library rejects with plain strings such as `C2pa(JumbfNotFound)`. Only that one means "no credentials". */
function findingOfRejection(thrown: unknown, file: Uint8Array): CredentialsFinding {
  const reason = messageOf(thrown);
  const present = mentionsCredentials(file);
  const remote = remoteManifestIn(file) ?? remoteManifestOf(reason);
  if (remote && !present) {
    return findingWithout('damaged', 'The credentials are kept elsewhere and were not fetched.', remote);
  }
  if (reason.includes('JumbfNotFound')) {
    return present
      ? findingWithout('damaged', 'The file mentions credentials, but none could be found.', remote)
      : findingWithout('none');
  }
  return findingWithout(present ? 'damaged' : 'unable', reason, remote);
}

/** The manifest store, exactly as the library read it; null when the library does not give it. */
function storeOf(reader: WasmReader, label: string): Uint8Array | null {
  try {
    // For a signature box the library gives the whole store.
    return reader.resourceToBytes(`self#jumbf=/c2pa/${label}/c2pa.signature`);
  } catch (thrown) {
    if (isTrap(thrown)) throw thrown;
    return null;
  }
}

/**
 * The manifest store of a file that is in memory; null when the library reads none.
 * @throws only what {@link isTrap} recognises
 */
export async function readStore(file: Uint8Array, declared: string, trust: ParsedTrust): Promise<Uint8Array | null> {
  let reader: WasmReader | undefined;
  try {
    reader = await WasmReader.fromBytes(mediaTypeOf(file, declared), file, librarySettings(trust.settings));
    const label = reader.activeLabel();
    const store = label ? storeOf(reader, label) : null;
    return store && new Uint8Array(store);
  } catch (thrown) {
    if (isTrap(thrown)) throw thrown;
    return null;
  } finally {
    reader?.free();
  }
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
    const store = storeOf(reader, label);
    const examine = (one: string) => store && examineSignature(store, one, trust);
    return findingFrom(report, label, examine, trust.settings, remoteManifestIn(file));
  } catch (thrown) {
    if (isTrap(thrown)) throw thrown;
    return findingOfRejection(thrown, file);
  } finally {
    reader?.free();
  }
}

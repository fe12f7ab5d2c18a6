import initialise, { WasmBuilder, WasmReader } from '@contentauth/c2pa-wasm';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { type TrustSettings } from './types.js';

export { WasmBuilder, WasmReader };

/** The Blob that the WASM build is given: a view of bytes that are in memory already. */
class MemoryBlob {
  constructor(readonly bytes: Uint8Array) {}
  get size(): number {
    return this.bytes.length;
  }
  slice(start = 0, end = this.bytes.length): MemoryBlob {
    return new MemoryBlob(this.bytes.subarray(start, end));
  }
}

/** The one method of the browser's FileReaderSync that the WASM build calls. */
class MemoryReader {
  readAsArrayBuffer(blob: MemoryBlob): ArrayBuffer {
    return new Uint8Array(blob.bytes).buffer;
  }
}

/** Bytes in the form that the WASM builder reads. */
export function blobOf(bytes: Uint8Array): Blob {
  return new MemoryBlob(bytes) as unknown as Blob;
}

/**
 * Compiles the WASM module for this thread.
 * @returns its memory, which only grows
 */
export async function loadWasm(): Promise<WebAssembly.Memory> {
  Object.assign(globalThis, {
    FileReaderSync: MemoryReader,
    // Manifests name addresses of the attacker's choice: this thread has no way out.
    fetch: () => Promise.reject(new Error('network access is switched off')),
  });
  const path = createRequire(import.meta.url).resolve('@contentauth/c2pa-wasm/c2pa.wasm');
  const output = await initialise({ module_or_path: await readFile(path) });
  return output.memory;
}

/** Settings of the C2PA library: our anchors only, no network, never a silent default. */
export function librarySettings(trust: TrustSettings): string {
  const anchors = [...trust.ours.anchorsPem, ...trust.anchorsPem, ...trust.tsaAnchorsPem];
  return JSON.stringify({
    trust: { trust_anchors: [...new Set(anchors)].join('\n') },
    verify: {
      verify_after_sign: true,
      verify_trust: true,
      verify_timestamp_trust: true,
      remote_manifest_fetch: false,
      ocsp_fetch: false,
    },
    builder: { thumbnail: { enabled: false } },
  });
}

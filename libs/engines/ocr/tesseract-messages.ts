/** What the reading thread is asked: one line of text, 8-bit luma, dark on light. */
export interface TesseractRequest {
  grey: Uint8Array;
  width: number;
  height: number;
}

/** Its answer; `ready` comes once, when its data is loaded. */
export type TesseractReply =
  { kind: 'ready' } | { kind: 'read'; text: string; confidence: number } | { kind: 'failed'; message: string };

/** What the thread starts with: verified bytes, so that nothing is looked up on a disk or a network. */
export interface TesseractData {
  wasm: Uint8Array;
  /** Trained data by language, unpacked. */
  languages: Record<string, Uint8Array>;
}

/** Bytes in memory as a stream of one chunk, for stores that take streams. */
export async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

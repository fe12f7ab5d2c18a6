import { createHash } from 'node:crypto';
import { open, readFile, stat } from 'node:fs/promises';
import { parentPort } from 'node:worker_threads';
import { messageOf } from '#kernel';
import { CredentialsError } from './errors.js';
import { parseTrust } from './evidence.js';
import { findingWithout } from './finding.js';
import { mentionsCredentials } from './jumbf.js';
import { mediaTypeOf } from './media-type.js';
import { type FromWorker, type Job, type SignedFile, type ToWorker } from './messages.js';
import { SIGNATURE_RESERVE } from './cose.js';
import { isTrap, readCredentials, readStore } from './reader.js';
import { blobOf, librarySettings, loadWasm, WasmBuilder } from './wasm.js';

type SignJob = Extract<Job, { kind: 'sign' }>;
type StoreJob = Extract<Job, { kind: 'store' }>;
type ReadJob = Extract<Job, { kind: 'read' }>;

const port = parentPort!;
const memory = loadWasm();
let waiting: { resolve: (cose: Uint8Array<ArrayBuffer>) => void; reject: (reason: Error) => void } | undefined;
let fileBytes = 0;

function send(message: FromWorker): void {
  port.postMessage(message);
}

async function load(path: string, maxBytes: number): Promise<Buffer> {
  const { size } = await stat(path);
  fileBytes += size;
  if (fileBytes > maxBytes) {
    const limit = Math.floor(maxBytes / 1_000_000);
    throw new CredentialsError(
      'credentials_too_large',
      `The file is larger than ${limit} MB, the limit for credentials.`,
    );
  }
  return readFile(path);
}

/** Reason of a failure; for the file system only its code, since its messages name paths. */
function reasonOf(thrown: unknown): string {
  const code = (thrown as NodeJS.ErrnoException | null)?.code;
  if (thrown instanceof CredentialsError) return thrown.message;
  return typeof code === 'string' ? `The file cannot be opened (${code}).` : messageOf(thrown);
}

/** The claim goes to the thread that has the key; its COSE_Sign1 comes back. */
function askForSignature(claim: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  return new Promise((resolve, reject) => {
    waiting = { resolve, reject };
    // A copy: the view is into WASM memory.
    send({ type: 'claim', claim: new Uint8Array(claim) });
  });
}

async function build(job: SignJob, input: Uint8Array): Promise<{ asset: Uint8Array; manifest: Uint8Array }> {
  const builder = WasmBuilder.fromJson(job.definition, librarySettings(job.trust));
  try {
    if (job.parent) {
      const bytes = await load(job.parent.path, job.maxBytes);
      await builder.addIngredientFromBlob(job.parent.ingredient, mediaTypeOf(bytes, job.parent.mime), blobOf(bytes));
    }
    const definition = { alg: job.algorithm, reserveSize: SIGNATURE_RESERVE, sign: askForSignature };
    const made: unknown = await builder.signAndGetManifestBytes(definition, [], 'video/mp4', blobOf(input));
    return made as { asset: Uint8Array; manifest: Uint8Array };
  } finally {
    builder.free();
  }
}

async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function sign(job: SignJob): Promise<SignedFile> {
  const trust = parseTrust(job.trust);
  const input = await load(job.inputPath, job.maxBytes);
  if (mentionsCredentials(input)) {
    const text =
      'The clip already carries credentials; signing would lose them. Give it as the parent of a new clip instead.';
    throw new CredentialsError('credentials_already_present', text);
  }
  const { asset, manifest } = await build(job, input);
  await writeDurably(job.partialPath, asset);
  // From here on only what is on the disk counts.
  const written = await readFile(job.partialPath);
  const finding = await readCredentials(written, 'video/mp4', trust);
  if (finding.state !== 'ours' || finding.softBinding !== job.releaseId || !finding.signedAt || !finding.manifestId) {
    const text = `The signed clip does not read back as ours (${finding.state}); it was not kept. ${finding.detail ?? ''}`;
    throw new CredentialsError('credentials_untrusted_after_sign', `${text.trim()} ${finding.codes.join(' ')}`);
  }
  return {
    manifestId: finding.manifestId,
    manifest: new Uint8Array(manifest),
    sha256: createHash('sha256').update(written).digest('hex'),
    bytes: written.length,
    signedAt: finding.signedAt,
  };
}

async function read(job: ReadJob) {
  try {
    return await readCredentials(await load(job.path, job.maxBytes), job.mime, parseTrust(job.trust));
  } catch (thrown) {
    if (isTrap(thrown)) throw thrown;
    return findingWithout('unable', reasonOf(thrown));
  }
}

async function store(job: StoreJob): Promise<Uint8Array | null> {
  try {
    return await readStore(await load(job.path, job.maxBytes), job.mime, parseTrust(job.trust));
  } catch (thrown) {
    if (isTrap(thrown)) throw thrown;
    return null;
  }
}

async function run(job: Job): Promise<void> {
  const wasm = await memory;
  fileBytes = 0;
  const use = () => ({ wasmBytes: wasm.buffer.byteLength, fileBytes });
  try {
    if (job.kind === 'read') send({ type: 'read', finding: await read(job), fatal: false, ...use() });
    else if (job.kind === 'store') send({ type: 'store', store: await store(job), fatal: false, ...use() });
    else send({ type: 'signed', file: await sign(job), fatal: false, ...use() });
  } catch (thrown) {
    const fatal = isTrap(thrown);
    if (job.kind === 'read') {
      send({
        type: 'read',
        finding: findingWithout('unable', `The reader failed: ${reasonOf(thrown)}`),
        fatal,
        ...use(),
      });
      return;
    }
    if (job.kind === 'store') return send({ type: 'store', store: null, fatal, ...use() });
    const known = thrown instanceof CredentialsError;
    const message = known ? thrown.message : `The clip could not be signed. ${reasonOf(thrown)}`;
    send({ type: 'failed', code: known ? thrown.code : 'credentials_sign_failed', message, fatal, ...use() });
  }
}

port.on('message', (message: ToWorker) => {
  if (message.type === 'job') void run(message.job);
  else if (message.type === 'signature') waiting?.resolve(new Uint8Array(message.cose));
  else waiting?.reject(new Error(message.reason));
});

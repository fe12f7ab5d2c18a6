// Runs the C2PA library alone, without this room's checks: signs what the release path refuses to sign, and reads.
// Standard input: JSON of a BareJob list. Standard output: JSON of a BareOutcome list.
import { readFileSync, writeFileSync } from 'node:fs';
import { messageOf } from '#kernel';
import { coseSign1, protectedHeaderOf, signedBytes, stampedBytes, SIGNATURE_RESERVE } from '../cose.js';
import { fileSigner } from '../signer.js';
import { localTimeStamper } from '../time-stamper.js';
import { blobOf, librarySettings, loadWasm, WasmBuilder, WasmReader } from '../wasm.js';
import { type BareJob, type BareOutcome } from './bare.js';

const bytesOf = (base64: string) => new Uint8Array(Buffer.from(base64, 'base64'));

async function sign(job: Extract<BareJob, { kind: 'sign' }>): Promise<void> {
  const { material, stamp, ocsp } = job;
  const settings = librarySettings(job.trust);
  const builder = WasmBuilder.fromJson(
    job.definition,
    job.force ? settings.replace('"verify_after_sign":true', '"verify_after_sign":false') : settings,
  );
  const signer = fileSigner(material);
  const definition = {
    alg: signer.alg,
    reserveSize: SIGNATURE_RESERVE,
    sign: async (claim: Uint8Array) => {
      const header = protectedHeaderOf(signer);
      const signature = await signer.sign(signedBytes(header, new Uint8Array(claim)));
      const clock = stamp && { now: () => new Date(stamp.at) };
      const token =
        stamp && (await localTimeStamper({ ...stamp, clock: clock! }).stamp(stampedBytes(header, signature)));
      return coseSign1(header, signature, { token: token ?? undefined, ocsp: ocsp === null ? null : bytesOf(ocsp) });
    },
  };
  const input = blobOf(readFileSync(job.input));
  const made: unknown = await builder.signAndGetManifestBytes(definition as never, [], 'video/mp4', input);
  writeFileSync(job.output, (made as { asset: Uint8Array }).asset);
}

async function read(job: Extract<BareJob, { kind: 'read' }>): Promise<BareOutcome> {
  const reader = await WasmReader.fromBytes('video/mp4', readFileSync(job.path), librarySettings(job.trust));
  const report = JSON.parse(reader.json()) as {
    validation_state: string;
    validation_results: { activeManifest: Record<string, { code: string }[]> };
  };
  const codes = Object.values(report.validation_results.activeManifest).flatMap((list) => list.map((one) => one.code));
  return { ok: true, state: report.validation_state, codes, crJson: JSON.parse(reader.crJson()) as unknown };
}

await loadWasm();
const outcomes: BareOutcome[] = [];
const realNow = Date.now;
for (const job of JSON.parse(readFileSync(0, 'utf8')) as BareJob[]) {
  // The library asks JavaScript for the time.
  Date.now = job.now === undefined ? realNow : () => Date.parse(job.now!);
  try {
    if (job.kind === 'read') outcomes.push(await read(job));
    else outcomes.push((await sign(job), { ok: true, state: '', codes: [], crJson: null }));
  } catch (thrown) {
    outcomes.push({ ok: false, reason: typeof thrown === 'string' ? thrown : messageOf(thrown) });
  }
}
process.stdout.write(JSON.stringify(outcomes));

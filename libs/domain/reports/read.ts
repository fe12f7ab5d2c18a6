import { canonicalJson, messageOf, plain, sha256Hex } from '#kernel';
import { BundleSignals, LogLeaf, SignedIndex, SignedReport, type VerifyReport } from '#contracts';
import type { TrustSettings } from '#engines/credentials';
import { z } from 'zod';
import type { Entries, EntryName } from './entries.js';
import { ReportError } from './errors.js';

const pems = z.array(z.string().max(100_000)).max(2000);
const moment = z.string().max(40).nullable().optional();
const Trust = z.strictObject({
  anchorsPem: pems,
  tsaAnchorsPem: pems,
  ours: z.strictObject({
    anchorsPem: pems,
    registered: z
      .array(
        z.strictObject({
          sha256: z.string().regex(/^[0-9a-f]{64}$/),
          from: moment,
          until: moment,
          compromisedAt: moment,
        }),
      )
      .max(10_000),
    softBindingAlgs: z.array(z.string().max(100)).max(20).optional(),
  }),
});

/** A bundle whose files were parsed and fit their schemas. Nothing in it is believed yet. */
export interface ReadBundle {
  entries: Entries;
  signed: SignedReport;
  /** SHA-256 of the report in `report.json` as canonical JSON, of every field that it holds. */
  reportSha256: string;
  report: VerifyReport;
  signals: BundleSignals;
  trust: TrustSettings;
  index: SignedIndex;
  /** SHA-256 of the index as canonical JSON. */
  indexSha256: string;
  log: { proof: string; entry: Uint8Array; leaf: LogLeaf; verifierKey: string } | null;
}

function jsonOf(entries: Entries, name: EntryName): unknown {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(entries.get(name));
    return JSON.parse(text);
  } catch (cause) {
    throw invalid(name, cause);
  }
}

function invalid(name: EntryName, cause: unknown): ReportError {
  const why = cause instanceof z.ZodError ? (cause.issues[0]?.message ?? 'it has another shape') : messageOf(cause);
  return new ReportError('bundle_json_invalid', `${name} in the bundle cannot be read: ${plain(why, 200)}.`, { cause });
}

function parsed<T>(entries: Entries, name: EntryName, schema: z.ZodType<T>): { value: T; raw: unknown } {
  const raw = jsonOf(entries, name);
  try {
    return { value: schema.parse(raw), raw };
  } catch (cause) {
    throw invalid(name, cause);
  }
}

/** Hash of one member of a file as it stands there, fields that this version does not know included. */
function memberSha256(raw: unknown, member: string, name: EntryName): string {
  try {
    return sha256Hex(canonicalJson((raw as Record<string, unknown>)[member]));
  } catch (cause) {
    throw invalid(name, cause);
  }
}

function logOf(entries: Entries): ReadBundle['log'] {
  const [proof, entry, key] = (['proof.tlog-proof', 'log-entry.json', 'log-key.txt'] as const).map((name) =>
    entries.get(name),
  );
  if (!proof && !entry && !key) return null;
  if (!proof || !entry || !key)
    throw new ReportError('bundle_entry_missing', 'The bundle holds a part of the evidence of the log only.');
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8');
  const leaf = parsed(entries, 'log-entry.json', LogLeaf).value;
  return { proof: text(proof), entry, leaf, verifierKey: text(key).trim() };
}

/** Parses the files of a bundle. @throws ReportError `bundle_json_invalid`, `bundle_entry_missing` */
export function readBundle(entries: Entries): ReadBundle {
  const report = parsed(entries, 'report.json', SignedReport);
  const index = parsed(entries, 'index.json', SignedIndex);
  return {
    entries,
    signed: report.value,
    report: report.value.report,
    reportSha256: memberSha256(report.raw, 'report', 'report.json'),
    signals: parsed(entries, 'signals.json', BundleSignals).value,
    trust: parsed(entries, 'trust.json', Trust).value,
    index: index.value,
    indexSha256: memberSha256(index.raw, 'index', 'index.json'),
    log: logOf(entries),
  };
}

import { writeFile } from 'node:fs/promises';
import { canonicalJson, sha256Hex } from '#kernel';
import type { BundleSignals, Locale, SignedReport, VerifyReport } from '#contracts';
import {
  checkTimeStamp,
  documentKeyMaterial,
  documentSigner,
  type DocumentSigner,
  type KeyMaterial,
  type TimeStamper,
  type TrustSettings,
} from '#engines/credentials';
import { drawReport, type ReportSheet } from '#engines/report';
import { registryFinding, verdictOf, type AskRegister, type RegisteredAs } from '#domain/provenance';
import type { ScratchSpace } from '#platform/storage';
import type { Entries } from './entries.js';
import { ReportError } from './errors.js';
import { indexOf, packBundle } from './pack.js';
import { README } from './readme.js';
import { reportKey, type ReportKey } from '#platform/keys';
import { takeStills, type StillsParts } from './stills.js';

/** That a release is in the public log, for those who check without a network. */
export interface LogEvidence {
  /** `.tlog-proof` text (c2sp.org/tlog-proof). */
  proof: string;
  /** The entry as it was hashed: canonical JSON. */
  entry: string;
  /** `name+hex8+base64`. */
  verifierKey: string;
}

/** Where the facts of a report come from. */
export interface ReportSources {
  register: AskRegister;
  /** Of an entry of the log; null where it cannot be had now. */
  logEvidence: (index: number) => Promise<LogEvidence | null>;
  /** Manifest store of a file, taken in the sandbox; null when it has none. */
  manifestStore: (path: string) => Promise<Uint8Array | null>;
  trust: () => TrustSettings;
}

/** What signs and stamps a report. */
export interface ReportSigning {
  /** Ed25519, PKCS #8 PEM. */
  privateKeyPkcs8Pem: string;
  /** Start of validity of the certificate that follows from the key: when the key was made. */
  since: Date;
  /** The operator's own certificate for documents, in place of the one that follows from the key. */
  document?: KeyMaterial;
  timeStamper: TimeStamper;
  /** The signed JSON alone, without PDF and bundle. */
  only?: 'json';
}

/** Files that were made, in the scratch space; whoever takes them deletes them. */
export interface ReportPaths {
  json: string;
  /** English; the French one is in the bundle as well. */
  pdf?: string;
  bundle?: string;
}

/** A report that is fixed: hashed, signed, stamped. */
interface Fixed {
  canonical: Buffer;
  sha256: string;
  signed: SignedReport;
  stampedAt: string;
  authority: string;
}

/** Ids under which the register is asked, as the findings name them. */
function idsOf({ file, credentials, watermark, fingerprint, segments }: VerifyReport): Parameters<AskRegister>[0] {
  const named = [
    ...credentials.ingredients.map(({ softBinding }) => softBinding),
    fingerprint.picture.releaseId,
    fingerprint.sound.releaseId,
    ...segments.map(({ releaseId }) => releaseId),
  ];
  return {
    sha256: file.sha256,
    manifestId: credentials.manifestId,
    watermarkId: watermark.releaseId,
    releaseIds: [...new Set(named.flatMap((id) => id ?? []))],
  };
}

/** The register's answer as of a time: later releases and withdrawals are left out. */
function asOf(registered: RegisteredAs, at: string): RegisteredAs {
  type Known = NonNullable<RegisteredAs['bytes']>;
  const known = (one: Known): Known[] => {
    if (one.releasedAt > at) return [];
    return [{ ...one, withdrawnAt: one.withdrawnAt && one.withdrawnAt <= at ? one.withdrawnAt : null }];
  };
  const one = (release: Known | null) => (release && known(release)[0]) ?? null;
  return {
    bytes: one(registered.bytes),
    manifest: one(registered.manifest),
    watermark: one(registered.watermark),
    named: registered.named.flatMap(known),
  };
}

const text = (value: unknown) => Buffer.from(`${canonicalJson(value)}\n`);

/** Makes the files of a report: signed JSON, PDF in both languages, and the bundle to check them without a network. */
export class ReportFiles {
  private readonly key: ReportKey;
  private documents: Promise<DocumentSigner> | undefined;

  constructor(
    private readonly signing: ReportSigning,
    private readonly sources: ReportSources,
    private readonly stills: StillsParts,
    private readonly scratch: ScratchSpace,
  ) {
    this.key = reportKey(signing.privateKeyPkcs8Pem);
  }

  /** SHA-256 of the public key that signs reports, hex: what the service publishes. */
  get keySha256(): string {
    return this.key.sha256;
  }

  private documentSigner(): Promise<DocumentSigner> {
    const { document, privateKeyPkcs8Pem, since, timeStamper } = this.signing;
    this.documents ??= (document ? Promise.resolve(document) : documentKeyMaterial(privateKeyPkcs8Pem, since)).then(
      (material) => documentSigner(material, timeStamper),
    );
    return this.documents;
  }

  /** What the register answered at the time of the report and answers now, and that the report's own sentence follows from it. */
  private async registeredFor(report: VerifyReport): Promise<Record<'then' | 'now', RegisteredAs | null>> {
    if (report.registry.state === 'unable') return { then: null, now: null };
    const answer = await this.sources.register(idsOf(report));
    const registered = answer && asOf(answer, report.at);
    const computed = verdictOf({ ...report, registered });
    const finding = registryFinding(registered, report.registry.detail);
    if (
      canonicalJson(computed) !== canonicalJson(report.verdict) ||
      finding.state !== report.registry.state ||
      finding.releaseId !== report.registry.releaseId
    ) {
      throw new ReportError(
        'report_not_reproducible',
        'The register no longer answers as it did for this report. Examine the file again.',
      );
    }
    return { then: registered, now: answer };
  }

  private async fix(report: VerifyReport): Promise<Fixed> {
    const canonical = Buffer.from(canonicalJson(report));
    const sha256 = sha256Hex(canonical);
    const token = await this.signing.timeStamper.stamp(canonical);
    const stamp = checkTimeStamp(token, canonical, this.sources.trust().tsaAnchorsPem, new Date());
    const signature = this.key.sign('report', sha256);
    const signed: SignedReport = { report, signature, timeStamp: Buffer.from(token).toString('base64') };
    return { canonical, sha256, signed, stampedAt: stamp.time.toISOString(), authority: stamp.authority };
  }

  private async entriesFor(path: string, fixed: Fixed, registered: RegisteredAs | null): Promise<Entries> {
    const { report, signature, timeStamp } = fixed.signed;
    const trust = this.sources.trust();
    const store = await this.sources.manifestStore(path);
    const { index } = report.log;
    const log = index === null ? null : await this.sources.logEvidence(index);
    return new Map([
      ['README.txt', Buffer.from(README)],
      ['report.json', text(fixed.signed)],
      ['report-canonical.json', fixed.canonical],
      ['report.sig', Buffer.from(signature.value, 'base64')],
      ['report-key.pem', Buffer.from(this.key.publicKeyPem)],
      ['time-stamp.der', Buffer.from(timeStamp, 'base64')],
      ['signals.json', text({ registered } satisfies BundleSignals)],
      ['trust.json', text(trust)],
      ['signer-anchors.pem', Buffer.from([...trust.ours.anchorsPem, ...trust.anchorsPem].join('\n'))],
      ['tsa-anchors.pem', Buffer.from(trust.tsaAnchorsPem.join('\n'))],
      ...(store ? [['credentials.c2pa', store] as const] : []),
      ...(log
        ? ([
            ['proof.tlog-proof', Buffer.from(log.proof)],
            ['log-entry.json', Buffer.from(log.entry)],
            ['log-key.txt', Buffer.from(log.verifierKey)],
          ] as const)
        : []),
    ]);
  }

  private async write(ext: string, bytes: Uint8Array): Promise<string> {
    const { path } = await this.scratch.file(ext);
    await writeFile(path, bytes, { flag: 'wx', mode: 0o600 });
    return path;
  }

  /**
   * Makes all files of a report.
   * @param submittedPath the examined file, for stills and credentials
   * @throws ReportError `report_not_reproducible`; CredentialsError when no time stamp can be had
   */
  async make(report: VerifyReport, submittedPath: string): Promise<ReportPaths> {
    const registered = await this.registeredFor(report);
    if (this.signing.only === 'json') {
      const { signed } = await this.fix(report);
      return { json: await this.write('json', text(signed)) };
    }
    const [fixed, stills, documents] = await Promise.all([
      this.fix(report),
      // A release that was withdrawn since the examination is not shown.
      takeStills(submittedPath, report, registered.now, this.stills),
      this.documentSigner(),
    ]);
    const draw = (lang: Locale) => {
      const sheet: ReportSheet = {
        lang,
        report,
        reportSha256: fixed.sha256,
        reportKeySha256: this.key.sha256,
        stamp: { at: fixed.stampedAt, by: fixed.authority },
        certificate: documents.certificate,
        stills,
      };
      return drawReport(sheet, (content) => documents.sign(content));
    };
    const entries = await this.entriesFor(submittedPath, fixed, registered.then);
    const [en, fr] = [await draw('en'), await draw('fr')];
    entries.set('report-en.pdf', en).set('report-fr.pdf', fr);
    entries.set('index.json', indexOf(entries, fixed.sha256, this.key));
    return {
      json: await this.write('json', entries.get('report.json')!),
      pdf: await this.write('pdf', en),
      bundle: await this.write('zip', await packBundle(entries)),
    };
  }
}

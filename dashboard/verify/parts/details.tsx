import { Fragment, type ReactNode } from 'react';
import type { CustodyEvent, FingerprintFinding, VerifyReport } from '#contracts';
import { number, time } from '../../shared/format.js';
import { Foreign } from '../../shared/foreign.js';
import type { Lang } from '../../shared/language.js';
import { useWords } from '../language.js';
import type { Words } from '../words/en.js';

type Rows = Partial<Record<keyof Words['details']['rows'], ReactNode>>;

const code = (text: string | null) => text && <code className="digest">{text}</code>;
const foreign = (text: string | null | undefined) => text && <Foreign text={text} max={300} />;
const when = (iso: string | null, lang: Lang) => iso && time(iso, lang);

function Group({ title, rows, children }: { title: string; rows?: Rows; children?: ReactNode }) {
  const { words } = useWords();
  const shown = Object.entries(rows ?? {}).filter(([, value]) => value !== null && value !== undefined && value !== '');
  if (!shown.length && !children) return null;
  return (
    <section>
      <h3>{title}</h3>
      {shown.length > 0 && (
        <dl>
          {shown.map(([name, value]) => (
            <Fragment key={name}>
              <dt>{words.details.rows[name as keyof Rows]}</dt>
              <dd>{value}</dd>
            </Fragment>
          ))}
        </dl>
      )}
      {children}
    </section>
  );
}

function List<T>({ items, show }: { items: T[]; show: (item: T) => ReactNode }) {
  if (!items.length) return null;
  return (
    <ul>
      {items.map((item, i) => (
        <li key={i}>{show(item)}</li>
      ))}
    </ul>
  );
}

function fileRows({ id, file }: VerifyReport, lang: Lang): Rows {
  const { container } = file;
  return {
    id: code(id),
    name: foreign(file.name),
    bytes: file.bytes.toLocaleString(lang),
    sha512: code(file.sha512),
    format: container?.format,
    codecs: container && [container.videoCodec, container.audioCodec].filter(Boolean).join(', '),
    fps: container && number(container.fps, lang, 5),
  };
}

function credentialRows({ credentials: c }: VerifyReport, lang: Lang): Rows {
  return {
    state: code(c.state),
    signer: foreign(c.signer),
    signedAt: when(c.signedAt, lang),
    trustedBy: code(c.trustedBy),
    revocation: code(c.revocation),
    manifest: foreign(c.manifestId),
    softBinding: code(c.softBinding),
    certificate: code(c.signerCertificateSha256),
    signature: code(c.signatureSha256),
    codes: c.codes.length > 0 && <code>{c.codes.join(', ')}</code>,
    remote: foreign(c.remoteManifest),
    note: foreign(c.detail),
  };
}

function watermarkRows({ watermark: w }: VerifyReport, lang: Lang, said: Words['details']): Rows {
  const g = w.geometry;
  return {
    state: code(w.state),
    release: code(w.releaseId),
    z: w.z !== null && `${number(w.z, lang)} / ${number(w.threshold, lang)}`,
    bound: w.framesUsed > 0 && number(w.falsePositiveBound, lang),
    frames: w.framesUsed > 0 && String(w.framesUsed),
    geometry: g && `${number(g.scale, lang)}, ${number(g.rotationDeg, lang)}°, ${g.flipped ? said.yes : said.no}`,
    note: foreign(w.detail),
  };
}

function fingerprintRows(f: FingerprintFinding, lang: Lang): Rows {
  return {
    state: code(f.state),
    algorithm: f.algorithm,
    release: code(f.releaseId),
    share: f.share !== null && number(f.share, lang),
    distance: f.distance !== null && `${number(f.distance, lang)} / ${number(f.threshold, lang)}`,
    compared: f.compared > 0 && String(f.compared),
    note: foreign(f.detail),
  };
}

function registerRows({ registry: r }: VerifyReport, lang: Lang): Rows {
  return {
    state: code(r.state),
    release: code(r.releaseId),
    releasedAt: when(r.releasedAt, lang),
    by: code(r.by),
  };
}

function logRows({ log }: VerifyReport, lang: Lang): Rows {
  return {
    state: code(log.state),
    origin: foreign(log.origin),
    index: log.index !== null && `${log.index} / ${log.size ?? '?'}`,
    withdrawnAt: when(log.withdrawnAt, lang),
    witnesses: log.witnesses.length > 0 && foreign(log.witnesses.join(', ')),
    note: foreign(log.detail),
  };
}

function toolRows({ tool }: VerifyReport): Rows {
  return {
    version: `${tool.name} ${tool.version}`,
    config: code(tool.configSha256),
    trust: tool.trust.anchors > 0 && (
      <>
        {tool.trust.anchors} {code(tool.trust.sha256)}
      </>
    ),
    parts: tool.parts.length > 0 && tool.parts.map(({ name, version }) => `${name} ${version}`).join(', '),
  };
}

/** All findings with their numbers, folded. */
export function Details({ report, custody }: { report: VerifyReport; custody: CustodyEvent[] }) {
  const { words, lang, read } = useWords();
  const { details } = words;
  const { groups } = details;
  const rate = ({ text, events, trials, lower, upper }: VerifyReport['error_rates'][number]) =>
    `${read(text)}: ${trials === null ? `≤ ${number(upper, lang)}` : `${number(lower, lang)} – ${number(upper, lang)} (${events}/${trials})`}`;
  return (
    <details className="details">
      <summary>{details.title}</summary>
      <p className="hint">{details.stated}</p>
      <Group title={groups.file} rows={fileRows(report, lang)} />
      <Group title={groups.credentials} rows={credentialRows(report, lang)} />
      {report.credentials.ingredients.length > 0 && (
        <Group title={groups.ingredients}>
          <List
            items={report.credentials.ingredients}
            show={(i) => (
              <>
                <Foreign text={i.title} /> <code>{i.state}</code> <code>{i.relationship}</code> {foreign(i.signer)}
              </>
            )}
          />
        </Group>
      )}
      <Group title={groups.watermark} rows={watermarkRows(report, lang, details)} />
      <Group title={groups.picture} rows={fingerprintRows(report.fingerprint.picture, lang)} />
      <Group title={groups.sound} rows={fingerprintRows(report.fingerprint.sound, lang)} />
      <Group title={groups.registry} rows={registerRows(report, lang)} />
      <Group title={groups.log} rows={logRows(report, lang)} />
      {report.error_rates.length > 0 && (
        <Group title={groups.rates}>
          <List items={report.error_rates} show={rate} />
        </Group>
      )}
      {report.limits.length > 0 && (
        <Group title={groups.limits}>
          <List items={report.limits} show={read} />
        </Group>
      )}
      {custody.length > 0 && (
        <Group title={groups.custody}>
          <List
            items={custody}
            show={({ at, what, actor }) => (
              <>
                {time(at, lang)}: <code>{what}</code> {foreign(actor)}
              </>
            )}
          />
        </Group>
      )}
      <Group title={groups.tool} rows={toolRows(report)} />
    </details>
  );
}

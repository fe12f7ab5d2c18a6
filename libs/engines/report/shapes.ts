import type { VerifyReport } from '#contracts';
import { INK, type Paper } from './paper.js';

/** What a lamp shows, by shape first and colour second. */
export type Lamp = 'ours' | 'nothing' | 'other' | 'against' | 'unable';

const CREDENTIALS: Record<VerifyReport['credentials']['state'], Lamp> = {
  ours: 'ours',
  other_trusted: 'other',
  unknown_signer: 'other',
  mismatch: 'against',
  damaged: 'against',
  none: 'nothing',
  unable: 'unable',
};
const WATERMARK: Record<VerifyReport['watermark']['state'], Lamp> = {
  found: 'ours',
  none: 'nothing',
  unable: 'unable',
};
const REGISTER: Record<VerifyReport['registry']['state'], Lamp> = {
  same_bytes: 'ours',
  known: 'ours',
  withdrawn: 'against',
  unknown: 'nothing',
  unable: 'unable',
};

/**
 * The three lamps of a report. An identifier that was read but belongs to no registered release points to nothing; where
 * the register could not be asked, nobody can tell.
 */
export function lampsOf(report: VerifyReport): { credentials: Lamp; watermark: Lamp; register: Lamp } {
  const { credentials, watermark, registry, verdict } = report;
  const issued = [registry.releaseId, verdict.release?.id].includes(watermark.releaseId ?? '');
  const read = registry.state === 'unable' ? 'unable' : issued || verdict.code === 'conflicting' ? 'ours' : 'nothing';
  return {
    credentials: credentials.revocation === 'revoked' ? 'against' : CREDENTIALS[credentials.state],
    watermark: watermark.state === 'found' ? read : WATERMARK[watermark.state],
    register: REGISTER[registry.state],
  };
}

/** Draws a lamp: disc, ring, ring with a dot, triangle, or a broken square. `r` is its radius in points. */
export function drawLamp({ doc }: Paper, lamp: Lamp, x: number, y: number, r: number): void {
  doc.lineWidth(r * 0.22);
  if (lamp === 'ours') doc.circle(x, y, r).fill(INK.ours);
  else if (lamp === 'nothing') doc.circle(x, y, r * 0.89).stroke(INK.faint);
  else if (lamp === 'other') {
    doc.circle(x, y, r * 0.89).stroke(INK.soft);
    doc.circle(x, y, r * 0.38).fill(INK.soft);
  } else if (lamp === 'against') {
    doc
      .moveTo(x, y - r)
      .lineTo(x + r * 1.06, y + r * 0.86)
      .lineTo(x - r * 1.06, y + r * 0.86)
      .closePath()
      .fill(INK.against);
  } else {
    doc
      .rect(x - r * 0.85, y - r * 0.85, r * 1.7, r * 1.7)
      .dash(r * 0.5, { space: r * 0.35 })
      .stroke(INK.soft);
    doc.undash();
  }
}

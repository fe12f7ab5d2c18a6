import type Axe from 'axe-core';
import type { Page, Route } from 'playwright-core';
import { Verification, VerifyReport, type Segment } from '#contracts';
import { sampleReport } from './report.js';

const R = '16edc99947c39ca3';
const S = '9ab3c1d2e4f50617';
const JOB = 'ver_0123456789abcdef';

const part = (
  track: Segment['track'],
  startS: number,
  endS: number,
  state: Segment['state'],
  releaseId: string | null = null,
  by: Segment['by'] = [],
): Segment => ({ track, startS, endS, state, releaseId, releaseStartS: releaseId ? 1.5 : null, by });

/** A name that would change a page, were it more than text. */
export const HOSTILE_NAME = `evil\u202Egpj.<img src=x onerror=alert(1)>${'a\u0301\u0301\u0301\u0301'.repeat(3)}${'x'.repeat(400)}.mp4`;

/** A report that has everything that the page can show. */
export function richReport(change: Partial<VerifyReport> = {}): VerifyReport {
  const plain = sampleReport();
  return VerifyReport.parse({
    ...plain,
    id: JOB,
    file: {
      ...plain.file,
      name: HOSTILE_NAME,
      container: {
        format: 'mp4',
        durationS: 18.4,
        width: 640,
        height: 360,
        fps: 24,
        videoCodec: 'h264',
        audioCodec: 'aac',
      },
    },
    verdict: { ...plain.verdict, needsReview: true },
    credentials: {
      ...plain.credentials,
      state: 'mismatch',
      signer: HOSTILE_NAME,
      codes: ['assertion.bmffHash.mismatch'],
    },
    watermark: { ...plain.watermark, state: 'found', releaseId: R, z: 22 },
    registry: { state: 'known', releaseId: R, releasedAt: '2026-01-02T03:04:05.000Z', by: 'watermark' },
    segments: [
      part('picture', 0, 4.2, 'other'),
      part('picture', 4.2, 12, 'ours', R, ['watermark', 'fingerprint']),
      part('picture', 12, 13, 'unable'),
      part('picture', 13, 18.4, 'ours', S, ['watermark']),
      part('sound', 0, 12, 'other'),
      part('sound', 12, 18.4, 'ours', R, ['fingerprint']),
    ],
    lineage: {
      nodes: [
        { id: 'photo', kind: 'foreign', title: HOSTILE_NAME, at: null, withdrawn: false },
        { id: S, kind: 'release', title: S, at: null, withdrawn: true },
        { id: R, kind: 'release', title: R, at: null, withdrawn: false },
        { id: 'this', kind: 'submitted', title: 'clip.mp4', at: null, withdrawn: false },
      ],
      edges: [
        { from: 'photo', to: R, relation: 'ingredient' },
        { from: S, to: R, relation: 'remix' },
        { from: R, to: 'this', relation: 'copy' },
      ],
    },
    checked: ['credentials', 'watermark', 'registry', 'log', 'picture_fingerprint'],
    not_checked: ['revocation'],
    failed: ['sound_fingerprint'],
    limits: [{ en: 'Marks can be removed.', fr: 'Les marques peuvent être retirées.' }],
    ...change,
  });
}

/** A service as the wire contract describes it, for states that a running one is rarely in. */
export interface Staged {
  /** What was asked of it, as `METHOD path`. */
  asked: string[];
  /** Bodies of the requests that had one, in order. */
  bodies: string[];
}

/** The job with which the staged service answers. */
export function stagedJob(status: Verification['status'], report: VerifyReport | null = null): Verification {
  const file = (name: string) => `/v1/verify/${JOB}/${name}`;
  return Verification.parse({
    object: 'verification.job',
    id: JOB,
    status,
    progress: status === 'examining' ? 40 : status === 'queued' ? 0 : 100,
    created_at: '2026-01-02T03:04:05.000Z',
    expires_at: '2026-01-03T03:04:05.000Z',
    report,
    files:
      status === 'completed'
        ? { json: file('report.json'), pdf: file('report.pdf'), bundle: file('bundle.zip') }
        : null,
    custody: [],
    error: status === 'failed' ? { code: 'fetch_failed', message: 'The address could not be fetched.' } : null,
  });
}

/** Answers a page's requests to `/v1/verify` with these jobs, one after the other, the last one for ever. */
export async function stage(page: Page, jobs: Verification[]): Promise<Staged> {
  const staged: Staged = { asked: [], bodies: [] };
  let next = 0;
  await page.route('**/v1/verify**', (route: Route) => {
    const request = route.request();
    staged.asked.push(`${request.method()} ${new URL(request.url()).pathname}`);
    const body = request.postData();
    if (body) staged.bodies.push(body);
    if (request.method() === 'DELETE' || request.url().endsWith('/feedback')) return route.fulfill({ status: 204 });
    const job = jobs[Math.min(next++, jobs.length - 1)]!;
    return route.fulfill({ status: request.method() === 'POST' ? 202 : 200, json: job });
  });
  return staged;
}

/** Rules of axe-core that the page breaks, each with the first place. */
export async function violations(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: typeof Axe };
    const { violations: found } = await axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'],
    });
    return found.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
  });
}

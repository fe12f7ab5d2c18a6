// The only file of this room that can reach the network. It is loaded when a person sends in production, never else.
import { randomBytes } from 'node:crypto';
import { AppError } from '#kernel';
import { safeFetch } from '#platform/http';
import { fileDetailsXml, type ReportedFile } from './report.js';

/** Where reports go, and the credentials that the receiver gave. */
export interface TipLineAccount {
  url: string;
  username: string;
  password: string;
}

/** A file to upload. */
export interface TipFile extends ReportedFile {
  read(): Promise<Uint8Array>;
}

const TIMEOUT_MS = 120_000;
const MAX_ANSWER = 1_000_000;
const FINISHED = '5102';

/** The receiver did not take a report, or could not be reached. */
export class TipLineError extends AppError {
  constructor(message: string, cause?: unknown) {
    super('unavailable', 'report_not_taken', message, { cause });
  }
}

/** The text of an element of an answer. */
function valueOf(body: string, name: string): string | undefined {
  return new RegExp(`<(?:\\w+:)?${name}>([^<]{1,200})</`).exec(body)?.[1]?.trim();
}

/** The reporting API of the CyberTipline: open, upload, describe, finish. Unfinished reports expire there within a day. */
export class CyberTipLine {
  constructor(private readonly account: TipLineAccount) {}

  /**
   * Sends one report with its files.
   * @param opened called with the receiver's number as soon as there is one
   * @returns the receiver's number of the finished report
   * @throws TipLineError; what was opened and not finished is taken back where that is possible
   */
  async send(report: string, files: readonly TipFile[], opened: (reportId: string) => Promise<void>): Promise<string> {
    const answer = await this.post('submit', report);
    const reportId = valueOf(answer, 'reportId');
    if (!reportId || !/^\d{1,20}$/.test(reportId))
      throw new TipLineError('The receiver gave no number for the report.');
    await opened(reportId);
    try {
      for (const file of files) {
        const uploaded = await this.upload(reportId, file);
        await this.post('fileinfo', fileDetailsXml(file, { reportId, fileId: uploaded }));
      }
      await this.form('finish', reportId);
    } catch (e) {
      await this.takeBack(reportId).catch(() => undefined);
      throw e;
    }
    return reportId;
  }

  /** Takes an unfinished report back. @returns true when it was finished after all and stands */
  async takeBack(reportId: string): Promise<boolean> {
    const { body } = await this.call('retract', `id=${reportId}`, 'application/x-www-form-urlencoded');
    return valueOf(body, 'responseCode') === FINISHED;
  }

  private async upload(reportId: string, file: TipFile): Promise<string> {
    const boundary = `imprimatur-${randomBytes(16).toString('hex')}`;
    const name = file.name === 'source' ? 'generated.mp4' : 'reference-image';
    const head =
      `--${boundary}\r\nContent-Disposition: form-data; name="id"\r\n\r\n${reportId}\r\n` +
      `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\n` +
      `Content-Type: application/octet-stream\r\n\r\n`;
    const body = Buffer.concat([Buffer.from(head), await file.read(), Buffer.from(`\r\n--${boundary}--\r\n`)]);
    const answer = await this.accepted('upload', body, `multipart/form-data; boundary=${boundary}`);
    const fileId = valueOf(answer, 'fileId');
    if (!fileId) throw new TipLineError('The receiver gave no number for a file.');
    return fileId;
  }

  private post(path: string, xml: string): Promise<string> {
    return this.accepted(path, xml, 'text/xml; charset=utf-8');
  }

  private form(path: string, reportId: string): Promise<string> {
    return this.accepted(path, `id=${reportId}`, 'application/x-www-form-urlencoded');
  }

  private async accepted(path: string, body: string | Uint8Array, type: string): Promise<string> {
    const answer = await this.call(path, body, type);
    const code = valueOf(answer.body, 'responseCode');
    if (answer.status >= 200 && answer.status < 300 && code === '0') return answer.body;
    // What the receiver says of the content may repeat it: only its numbers are kept.
    throw new TipLineError(`The receiver refused ${path}: status ${answer.status}, code ${code ?? 'none'}.`);
  }

  private async call(path: string, body: string | Uint8Array, type: string): Promise<{ status: number; body: string }> {
    const { url, username, password } = this.account;
    const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    try {
      const answer = await safeFetch(`${url.replace(/\/$/, '')}/${path}`, {
        method: 'POST',
        headers: { authorization, 'content-type': type },
        body,
        timeoutMs: TIMEOUT_MS,
        maxBytes: MAX_ANSWER,
        allowPrivate: true, // the operator chose the address
      });
      return { status: answer.status, body: answer.body.toString('utf8') };
    } catch (e) {
      throw new TipLineError('The receiver could not be reached. Try again.', e);
    }
  }
}

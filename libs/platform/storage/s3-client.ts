import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { createReadStream } from 'node:fs';
import { type Readable } from 'node:stream';
import { sleep } from '#kernel';
import { StorageError } from './errors.js';
import { type S3BlobConfig } from './types.js';

const ATTEMPTS = 3;
const RETRY_MS = 200;

const silent = () => undefined;

function isMissing(error: unknown): boolean {
  return error instanceof S3ServiceException && error.$metadata.httpStatusCode === 404;
}

async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isMissing(error)) throw new StorageError('blob_not_found', 'There is no such blob.', error);
    throw new StorageError('storage_unavailable', 'The object store cannot be used now; try again later.', error);
  }
}

/** The four calls of the S3 API that a blob store needs; keys are hashes. */
export class S3Bucket {
  private readonly client: S3Client;
  private readonly bucket: string;

  constructor(config: S3BlobConfig) {
    const { endpoint, region, accessKeyId, secretAccessKey, forcePathStyle } = config;
    this.bucket = config.bucket;
    this.client = new S3Client({
      ...(endpoint && { endpoint }),
      region,
      credentials: { accessKeyId, secretAccessKey },
      forcePathStyle,
      maxAttempts: ATTEMPTS,
      // The SDK would write to the console; what matters is in the errors.
      logger: { trace: silent, debug: silent, info: silent, warn: silent, error: silent },
      // Our own SHA-256 goes with every object; trailing checksums are unknown to some compatible stores.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
    });
  }

  /** Uploads a file; the store itself checks the hash. */
  async put(sha256: string, path: string, bytes: number): Promise<void> {
    await guarded(async () => {
      for (let attempt = 1; ; attempt++) {
        try {
          return await this.client.send(this.putCommand(sha256, path, bytes));
        } catch (error) {
          // The SDK does not repeat a stream by itself. A refusal by the store stays one.
          const status = error instanceof S3ServiceException ? (error.$metadata.httpStatusCode ?? 500) : 500;
          if (status < 500 || attempt === ATTEMPTS) throw error;
          await sleep(RETRY_MS * attempt);
        }
      }
    });
  }

  /** Size of an object, null when there is none. */
  async head(sha256: string): Promise<{ bytes: number } | null> {
    try {
      const answer = await guarded(() => this.client.send(new HeadObjectCommand(this.at(sha256))));
      return { bytes: answer.ContentLength ?? 0 };
    } catch (error) {
      if (error instanceof StorageError && error.code === 'blob_not_found') return null;
      throw error;
    }
  }

  async get(sha256: string): Promise<Readable> {
    const answer = await guarded(() => this.client.send(new GetObjectCommand(this.at(sha256))));
    return answer.Body as Readable;
  }

  async delete(sha256: string): Promise<void> {
    await guarded(() => this.client.send(new DeleteObjectCommand(this.at(sha256))));
  }

  private at(sha256: string) {
    return { Bucket: this.bucket, Key: sha256 };
  }

  private putCommand(sha256: string, path: string, bytes: number): PutObjectCommand {
    const command = new PutObjectCommand({
      ...this.at(sha256),
      Body: createReadStream(path),
      ContentLength: bytes,
      ContentType: 'application/octet-stream',
      ChecksumSHA256: Buffer.from(sha256, 'hex').toString('base64'),
    });
    // Without this the payload of a stream would go unsigned.
    command.middlewareStack.add(
      (next) => (args) => {
        (args.request as { headers: Record<string, string> }).headers['x-amz-content-sha256'] = sha256;
        return next(args);
      },
      { step: 'build', name: 'signPayload', priority: 'low' },
    );
    return command;
  }
}

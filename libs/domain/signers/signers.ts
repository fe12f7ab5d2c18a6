import { X509Certificate } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { CredentialsError, fileSigner, remoteSigner, type ClaimSigner } from '#engines/credentials';
import { keysDir, type Core } from '#platform/core';
import {
  adoptSigner,
  currentSigner,
  keyringPath,
  KeyError,
  openKeys,
  type Keyring,
  type KeyringPlace,
} from '#platform/keys';
import { registeredLeaves, registerSigners } from './register.js';

/** A leaf that ends within this time is warned of. */
const WARN_MS = 30 * 86_400_000;

interface Opened {
  /** Identity of the keyring file that was read; null where it is to be read again. */
  stamp: string | null;
  keyring: Keyring;
  sha256: string | null;
  signer: ClaimSigner | null;
}

/**
 * Who signs for this deployment: the key in the keyring or a remote signer. Follows `imprimatur keys` while the service
 * runs, and keeps the register of certificates and the trust of the reader up to date.
 */
export class Signers {
  private opened: Opened | undefined;
  private busy: Promise<void> = Promise.resolve();

  private constructor(
    private readonly core: Pick<Core, 'config' | 'database' | 'clock' | 'logger' | 'leaves'>,
    private readonly fetch: typeof globalThis.fetch,
  ) {}

  /**
   * Opens the signer, and registers its certificate and all events that the register does not know yet.
   * @param fetch HTTP client for a remote signer
   * @throws KeyError, CredentialsError when the keyring cannot be opened or names a signer that cannot be used; a
   *   remote signer whose certificate cannot be used does not throw: then nothing is signed
   */
  static async open(
    core: Pick<Core, 'config' | 'database' | 'clock' | 'logger' | 'leaves'>,
    fetch: typeof globalThis.fetch,
  ): Promise<Signers> {
    const signers = new Signers(core, fetch);
    await signers.refresh();
    return signers;
  }

  /**
   * The signer to use for the next signature.
   * @throws CredentialsError `credentials_signer_revoked` when there is none that may sign
   */
  async current(): Promise<ClaimSigner> {
    if ((await this.stamp()) !== this.opened?.stamp) await this.refresh();
    const { sha256, signer } = this.opened!;
    const known = this.core.leaves.all().find((one) => one.sha256 === sha256);
    if (signer && known && !known.until && !known.compromisedAt) return signer;
    const text = 'The signing certificate is retired or revoked. Nothing is signed until `imprimatur keys rotate`.';
    throw new CredentialsError('credentials_signer_revoked', text);
  }

  /** Takes up what changed in the keyring and in the register. */
  refresh(): Promise<void> {
    const work = this.busy.then(() => this.update());
    this.busy = work.catch(() => undefined);
    return work;
  }

  private async update(): Promise<void> {
    const stamp = await this.stamp();
    if (this.opened?.stamp !== stamp) this.opened = await this.reopen();
    else await this.register(this.opened.keyring);
  }

  /** Whoever reads must know of a revocation, whether or not there is a signer that may take the place. */
  private async register(keyring: Keyring): Promise<void> {
    const { database, leaves } = this.core;
    await registerSigners(database, keyring.credentials.signers);
    leaves.replace(keyring, await registeredLeaves(database));
  }

  private async reopen(): Promise<Opened> {
    const { config, clock, logger } = this.core;
    const { dir, masterKey } = { dir: keysDir(config), masterKey: config.IMPRIMATUR_MASTER_KEY };
    // Before reading: a change in between is then seen again.
    let stamp = await this.stamp();
    let keyring = await openKeys(dir, masterKey);
    await this.register(keyring);
    try {
      if (await this.adopt({ dir, masterKey })) {
        stamp = await this.stamp();
        keyring = await openKeys(dir, masterKey);
        await this.register(keyring);
      }
    } catch (err) {
      logger.error({ err }, 'the certificate of the remote signer cannot be used: nothing is signed');
      // No file has this stamp: the next signature tries again.
      return { stamp: null, keyring, sha256: null, signer: null };
    }
    const record = currentSigner(keyring);
    const signer = record && this.signerOf(record.certificateChainPem, record.privateKeyPkcs8Pem);
    if (record) {
      const until = new Date(new X509Certificate(record.certificateChainPem).validTo);
      logger.info({ sha256: record.sha256, until }, 'signing certificate');
      if (until.getTime() - clock.now().getTime() < WARN_MS) {
        logger.warn({ until }, 'the signing certificate ends soon: imprimatur keys rotate');
      }
    }
    return { stamp, keyring, sha256: record?.sha256 ?? null, signer };
  }

  /** Gives the certificate of a remote signer its place in the keyring; true when it took it now. */
  private async adopt(place: KeyringPlace): Promise<boolean> {
    const { config, clock } = this.core;
    if (!config.SIGNER_URL) return false;
    return adoptSigner(place, await readFile(config.SIGNER_CHAIN_FILE!, 'utf8'), null, clock.now());
  }

  private signerOf(certificateChainPem: string, privateKeyPkcs8Pem: string | null): ClaimSigner {
    const { SIGNER_URL, SIGNER_TOKEN, SIGNER_KEY_ID } = this.core.config;
    if (privateKeyPkcs8Pem) return fileSigner({ certificateChainPem, privateKeyPkcs8Pem });
    if (!SIGNER_URL) {
      const text =
        'A remote signer holds the signing key, and SIGNER_URL is not set. Set it, or run `imprimatur keys rotate --own`.';
      throw new KeyError('signer_url_missing', text);
    }
    const remote = { url: SIGNER_URL, token: SIGNER_TOKEN!, keyId: SIGNER_KEY_ID!, fetch: this.fetch };
    return remoteSigner({ ...remote, certificateChainPem });
  }

  private async stamp(): Promise<string> {
    const { ino, size, mtimeMs } = await stat(keyringPath(keysDir(this.core.config)));
    return [ino, size, mtimeMs].join(':');
  }
}

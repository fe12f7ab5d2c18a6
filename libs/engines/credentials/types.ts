import { type CredentialsFinding } from '#contracts';

/** Signature algorithms that C2PA permits and this room writes. */
export type SignatureAlgorithm = 'es256' | 'es384' | 'ed25519';

/** A certificate chain and its private key, as text that a caller can store and encrypt. */
export interface KeyMaterial {
  /** PEM certificates, leaf first, root left out. */
  certificateChainPem: string;
  /** PEM `PRIVATE KEY` (PKCS #8, not encrypted). */
  privateKeyPkcs8Pem: string;
}

/** A complete private trust hierarchy for development and for operators without a public certificate. */
export interface DevelopmentPki {
  /** Anchor of the claim signer. */
  rootPem: string;
  /** Anchor of the time-stamping authority. */
  tsaRootPem: string;
  /** The claim signing authority, which issues further leaves: `issueSigner`. */
  issuer: KeyMaterial;
  signer: KeyMaterial;
  tsa: KeyMaterial;
}

/**
 * Port to whatever holds the claim-signing key: a file, a KMS, an HSM.
 * Runs in the caller's thread; the worker threads that parse media never see the key.
 */
export interface ClaimSigner {
  readonly alg: SignatureAlgorithm;
  /** DER certificates, leaf first, root left out. */
  readonly certificateChainDer: Uint8Array[];
  /** Raw signature over `data`: r||s for ECDSA (64 or 96 bytes), 64 bytes for Ed25519. */
  sign(data: Uint8Array): Promise<Uint8Array>;
}

/** Port to an RFC 3161 time-stamping authority. */
export interface TimeStamper {
  /**
   * Stamps SHA-256 of `message`.
   * @returns DER TimeStampToken (a CMS ContentInfo), not the whole TimeStampResp
   */
  stamp(message: Uint8Array): Promise<Uint8Array>;
}

/** A certificate that we sign with or have signed with. Times are ISO 8601; one that cannot be read lets nothing stand. */
export interface RegisteredLeaf {
  /** SHA-256 (hex) of its DER. */
  sha256: string;
  /** When it was put to use; signatures that were stamped before do not count. No limit when null or absent. */
  from?: string | null;
  /** When it was retired; signatures that were stamped after do not count. No limit when null or absent. */
  until?: string | null;
  /**
   * From then on others may have signed with it: only a trusted time before keeps a signature's standing. Null says that
   * it is known not to be compromised; absent, that nobody was asked, and the finding says `not_checked`.
   */
  compromisedAt?: string | null;
}

/** Port to whoever tells whether our signing certificate is revoked. */
export interface RevocationSource {
  /**
   * A current answer that the leaf of `chainDer` is good, to be carried in the signature.
   * @param chainDer leaf first, its issuer second
   * @returns DER OCSPResponse; null when the leaf names no responder
   * @throws CredentialsError `credentials_revocation_unknown`, `credentials_signer_revoked`
   */
  staple(chainDer: readonly Uint8Array[]): Promise<Uint8Array | null>;
}

/** Whom the reader believes. */
export interface TrustSettings {
  /** PEM roots of claim signers other than ours, such as the public C2PA trust list. Ours may be listed too. */
  anchorsPem: string[];
  /** PEM roots of time-stamping authorities. A time by any other authority does not count, listed above or not. */
  tsaAnchorsPem: string[];
  /** What makes a credential ours: all of it must hold. */
  ours: {
    /** PEM roots that our claim signers chain to. */
    anchorsPem: string[];
    /** Every leaf certificate that we have ever signed with, retired and compromised ones too. */
    registered: RegisteredLeaf[];
    /** Soft binding algorithms whose value is a release id of ours; {@link SOFT_BINDING_ALG} when absent. */
    softBindingAlgs?: string[];
  };
}

/** A name and version, as content credentials state them. */
export interface Agent {
  name: string;
  version: string;
}

/** How a clip says to its viewers that it was made with AI; stated in its manifest. */
export interface Disclosure {
  /** The words, as they are shown. */
  text: string[];
  language: 'en' | 'fr';
  /** `burned`: in the pictures. `overlay`: in a text track beside the clip. */
  delivery: 'burned' | 'overlay';
}

/** One clip to sign. */
export interface SignRequest {
  /** A marked MP4 that carries no credentials yet. */
  inputPath: string;
  /** Where the signed file goes; it appears only when everything was read back as ours. */
  outputPath: string;
  mime: 'video/mp4';
  title: string;
  /** 16 lower-case hex digits. */
  releaseId: string;
  /** The invisible watermark. `value` is base64 of the release id's 8 bytes: {@link softBindingValue}. */
  softBinding: { alg: string; value: string };
  /** The claim generator: this service. */
  generator: Agent;
  /** The engine that made the pictures. */
  softwareAgent: Agent;
  /** IPTC digital source type; `trainedAlgorithmicMedia` when absent. */
  digitalSourceType?: string;
  /** ISO 8601 time at which the clip was made. */
  createdAt: string;
  /** The clip that this one was made from. */
  parent?: { path: string; mime: string; title: string };
  /** The visible label; nothing is stated without one. */
  disclosure?: Disclosure;
  /** Further assertions, such as `cawg.training-mining`. */
  extra?: { label: string; data: unknown }[];
  signer: ClaimSigner;
  timeStamper: TimeStamper;
  /** Needed for a leaf that names an OCSP responder: without a good answer it does not sign. */
  revocation?: RevocationSource;
}

/** A signed clip that was read back as ours. */
export interface SignResult {
  /** Active manifest label, `urn:c2pa:...`. */
  manifestId: string;
  /** The whole manifest store (JUMBF), to be kept in the register. */
  manifest: Uint8Array;
  /** SHA-256 (hex) of the signed file. */
  sha256: string;
  /** Size of the signed file. */
  bytes: number;
  /** Time in the trusted time stamp, ISO 8601. */
  signedAt: string;
}

/** One file to examine. */
export interface ReadRequest {
  path: string;
  /** Declared media type; what the first bytes say takes precedence. */
  mime: string;
}

/** Options of {@link createCredentialsPool}. */
export interface CredentialsPoolOptions {
  /** Worker threads, each with a WASM instance of its own; 2 when absent. */
  size?: number;
  /** Whom to believe; a function is asked before every job, so that keys can be rotated. */
  trust: TrustSettings | (() => TrustSettings);
  /** Longest time for one job in milliseconds, after which its thread is terminated; 30 000 when absent. */
  timeoutMs?: number;
  /** Largest file in bytes; 200 MB when absent. Signing takes about 5.5 times the file in memory. */
  maxBytes?: number;
}

/** Signs and reads content credentials in worker threads. */
export interface CredentialsPool {
  /**
   * Signs, stamps, writes and reads back one clip.
   * @throws CredentialsError; then nothing is at `outputPath`
   */
  sign(request: SignRequest): Promise<SignResult>;
  /** Reads the credentials of any file. Never rejects for what the file contains: that is a finding. */
  read(request: ReadRequest): Promise<CredentialsFinding>;
  /** The manifest store of a file (JUMBF), as the C2PA library reads it; null when there is none that it can read. */
  store(request: ReadRequest): Promise<Uint8Array | null>;
  /** Stops all threads; jobs under way fail. */
  close(): Promise<void>;
}

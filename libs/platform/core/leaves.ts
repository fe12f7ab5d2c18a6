import { X509Certificate } from 'node:crypto';
import type { TrustSettings } from '#engines/credentials';
import type { Keyring } from '#platform/keys';
import type { TrustLists } from './lists.js';

/** A certificate that this deployment signs with, or has signed with, and when its word counts. */
export interface KnownLeaf {
  /** SHA-256 of its DER, 64 hex digits. */
  sha256: string;
  /** Start of its validity. */
  from: Date;
  /** When it ceased to sign; null while it signs. */
  until: Date | null;
  /** Signatures stamped from then on are not ours. */
  compromisedAt: Date | null;
}

/** What is known of the first certificate of a PEM chain. */
export function leafOf(
  certificateChainPem: string,
  states: { retiredAt: Date | null; compromisedAt: Date | null },
): KnownLeaf {
  const leaf = new X509Certificate(certificateChainPem);
  return {
    sha256: leaf.fingerprint256.replaceAll(':', '').toLowerCase(),
    from: new Date(leaf.validFrom),
    until: states.retiredAt,
    compromisedAt: states.compromisedAt,
  };
}

const dateOf = (text: string | null) => (text === null ? null : new Date(text));

/**
 * The leaves and roots that a process believes to be ours. It begins with what the keyring says; `#domain/signers`
 * replaces that with the register, and again whenever either changes.
 */
export class LeafBook {
  private known!: KnownLeaf[];
  private roots!: Pick<Keyring['credentials'], 'rootPem' | 'tsaRootPem'>;

  constructor(keyring: Pick<Keyring, 'credentials'>) {
    this.replace(keyring);
  }

  /** @param registered leaves of the register; what the keyring says of a leaf as well is the stricter of both */
  replace({ credentials }: Pick<Keyring, 'credentials'>, registered: KnownLeaf[] = []): void {
    const own = credentials.signers.map((one) =>
      leafOf(one.certificateChainPem, {
        retiredAt: dateOf(one.retiredAt),
        compromisedAt: dateOf(one.compromisedAt),
      }),
    );
    const found = new Map<string, KnownLeaf>();
    for (const leaf of [...registered, ...own]) {
      const other = found.get(leaf.sha256);
      found.set(leaf.sha256, {
        ...leaf,
        until: earlier(leaf.until, other?.until),
        compromisedAt: earlier(leaf.compromisedAt, other?.compromisedAt),
      });
    }
    this.known = [...found.values()];
    this.roots = credentials;
  }

  /** All of them, also those that are retired or revoked. */
  all(): readonly KnownLeaf[] {
    return this.known;
  }

  /** PEM roots of signers, and of time stamps. */
  anchors(): { rootPem: string; tsaRootPem: string } {
    const { rootPem, tsaRootPem } = this.roots;
    return { rootPem, tsaRootPem: tsaRootPem ?? rootPem };
  }
}

function earlier(one: Date | null, other: Date | null | undefined): Date | null {
  if (!one || !other) return one ?? other ?? null;
  return one < other ? one : other;
}

/** Whom the reader believes: this deployment's own anchors and leaves, and the lists that its operator chose. */
export function trustOf(leaves: LeafBook, lists: TrustLists): TrustSettings {
  const { rootPem, tsaRootPem } = leaves.anchors();
  return {
    anchorsPem: [rootPem, ...lists.anchorsPem],
    tsaAnchorsPem: [tsaRootPem, ...lists.tsaAnchorsPem],
    ours: {
      anchorsPem: [rootPem],
      registered: leaves.all().map(({ sha256, from, until, compromisedAt }) => ({
        sha256,
        from: from.toISOString(),
        until: until?.toISOString() ?? null,
        compromisedAt: compromisedAt?.toISOString() ?? null,
      })),
    },
  };
}

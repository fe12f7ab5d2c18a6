import type { CredentialsFinding, Ingredient, Lineage, LineageNode, Segment } from '#contracts';
import type { Ancestor } from './ancestry.js';
import type { RegisteredAs, RegisteredRelease } from './signals.js';

/** What the history of a file is put together from. */
export interface LineageInput {
  submitted: { name: string | null };
  credentials: CredentialsFinding;
  /** Null when the register could not be asked. */
  registered: RegisteredAs | null;
  /** Parts of the file that were recognised. */
  segments?: readonly Segment[];
  /** Of the releases that {@link releasesOf} names. */
  ancestry: readonly Ancestor[];
}

/** Id of the node of the file that was examined; no release has it. */
const SUBMITTED = 'submitted';

/** Nodes of a history at most: a manifest can name any number of ingredients. */
const MOST_NODES = 100;

/** States in which a manifest speaks of the content that it came with. */
const SPEAKS: ReadonlySet<CredentialsFinding['state']> = new Set(['ours', 'other_trusted', 'unknown_signer']);

/** Text of strangers: one line, not endless. */
const shown = (text: string) =>
  text
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
    .slice(0, 120);

/** Releases that the file is a copy of: by its bytes, its mark, its parts, or credentials that fit it. */
function copiesOf({ registered, credentials, segments = [] }: Omit<LineageInput, 'submitted' | 'ancestry'>): string[] {
  const found = [registered?.bytes, registered?.watermark, credentials.state === 'ours' ? registered?.manifest : null];
  const parts = segments.flatMap(({ state, releaseId }) => (state === 'ours' && releaseId ? [releaseId] : []));
  return [...new Set([...found.flatMap((one) => (one ? [one.id] : [])), ...parts])];
}

/** The ingredients that a manifest states of the file that it came with. */
function ingredientsOf({ state, ingredients }: CredentialsFinding): Ingredient[] {
  return SPEAKS.has(state) ? ingredients : [];
}

/** The release of ours that an ingredient is, where its own credentials say so. */
const ownRelease = ({ state, softBinding }: Ingredient) => (state === 'ours' ? softBinding : null);

/** Ids of the releases whose history is wanted; 16 hex digits each. */
export function releasesOf(input: Omit<LineageInput, 'submitted' | 'ancestry'>): string[] {
  const used = ingredientsOf(input.credentials).flatMap((one) => ownRelease(one) ?? []);
  return [...new Set([...copiesOf(input), ...used])];
}

/** A graph that grows; what is added twice is there once. */
class Graph {
  private readonly nodes = new Map<string, LineageNode>();
  private readonly edges = new Map<string, Lineage['edges'][number]>();

  add(node: LineageNode): boolean {
    if (this.nodes.has(node.id)) return true;
    if (this.nodes.size >= MOST_NODES) return false;
    this.nodes.set(node.id, node);
    return true;
  }

  /** The first relation between two nodes stays. */
  link(from: string, to: string, relation: Lineage['edges'][number]['relation']): void {
    const key = `${from}\n${to}`;
    const both = this.nodes.has(from) && this.nodes.has(to) && from !== to;
    if (both && !this.edges.has(key)) this.edges.set(key, { from, to, relation });
  }

  finished(): Lineage {
    return { nodes: [...this.nodes.values()], edges: [...this.edges.values()] };
  }
}

function releaseNode({ id, releasedAt, withdrawnAt }: RegisteredRelease): LineageNode {
  return { id, kind: 'release', title: id, at: releasedAt, withdrawn: withdrawnAt !== null };
}

function foreignNode({ manifestId, title }: Ingredient, index: number): LineageNode {
  const id = manifestId ? shown(manifestId) : `ingredient ${index + 1}`;
  return { id, kind: 'foreign', title: shown(title), at: null, withdrawn: false };
}

/**
 * Where a file comes from, as a graph: the releases that it is a copy of, what those were made from, and what its
 * credentials state besides. Pure. Credentials that do not fit the file say nothing here, and an ingredient counts as
 * a release of ours only if its own credentials were valid and the register knows it.
 */
export function lineageOf(input: LineageInput): Lineage {
  const { submitted, credentials, registered, ancestry } = input;
  const graph = new Graph();
  graph.add({ id: SUBMITTED, kind: 'submitted', title: shown(submitted.name ?? ''), at: null, withdrawn: false });
  const known = [registered?.bytes, registered?.watermark, registered?.manifest, ...(registered?.named ?? [])];
  const releases = new Map<string, RegisteredRelease>();
  for (const one of known) if (one) releases.set(one.id, one);
  for (const { releaseId, ...times } of ancestry) releases.set(releaseId, { id: releaseId, ...times });
  const show = (id: string) => {
    const release = releases.get(id);
    return release !== undefined && graph.add(releaseNode(release));
  };
  for (const id of copiesOf(input)) if (show(id)) graph.link(id, SUBMITTED, 'copy');
  // What a manifest of ours states, it states of the release; a stranger's, of the file.
  const signed = credentials.state === 'ours' ? registered?.manifest?.id : undefined;
  const used = ingredientsOf(credentials);
  for (const one of used) show(ownRelease(one) ?? '');
  for (const { releaseId, parent } of ancestry) {
    if (parent && show(releaseId) && show(parent.releaseId)) graph.link(parent.releaseId, releaseId, parent.how);
  }
  used.forEach((one, index) => {
    const own = ownRelease(one);
    const node = own && show(own) ? own : foreignNode(one, index).id;
    if (node !== own && !graph.add(foreignNode(one, index))) return;
    graph.link(node, signed ?? SUBMITTED, 'ingredient');
  });
  return graph.finished();
}

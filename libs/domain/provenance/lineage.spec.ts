import { Lineage, type CredentialsFinding, type Ingredient } from '#contracts';
import { findingWithout } from '#engines/credentials';
import type { Ancestor } from './ancestry.js';
import { lineageOf, releasesOf, type LineageInput } from './lineage.js';

const [A, B, C] = ['a', 'b', 'c'].map((digit) => digit.repeat(16)) as [string, string, string];
const AT = '2026-11-27T12:00:00.000Z';
const known = (id: string) => ({ id, releasedAt: AT, withdrawnAt: null });
const nothing = { bytes: null, manifest: null, watermark: null, named: [] };
const chain: Ancestor[] = [
  { releaseId: C, releasedAt: AT, withdrawnAt: null, parent: { releaseId: B, how: 'extension' } },
  { releaseId: B, releasedAt: AT, withdrawnAt: AT, parent: { releaseId: A, how: 'edit' } },
  { releaseId: A, releasedAt: AT, withdrawnAt: null, parent: null },
];
const credentials = (change: Partial<CredentialsFinding>): CredentialsFinding => ({
  ...findingWithout('none'),
  ...change,
});
const ingredient = (change: Partial<Ingredient> = {}): Ingredient => ({
  ...{
    title: 'a.mp4',
    relationship: 'parentOf',
    manifestId: 'urn:c2pa:1',
    signer: null,
    state: 'other',
    softBinding: null,
  },
  ...change,
});

function lineage(change: Partial<LineageInput>) {
  const input = {
    submitted: { name: 'x.mp4' },
    credentials: credentials({}),
    registered: nothing,
    ancestry: [],
    ...change,
  };
  const graph = Lineage.parse(lineageOf(input));
  return {
    graph,
    nodes: graph.nodes.map(({ id, kind }) => `${kind} ${id}`),
    edges: graph.edges.map(({ from, to, relation }) => `${from} ${relation} ${to}`),
  };
}

it('of an unknown file is the file alone', () => {
  expect(lineage({}).graph).toEqual({
    nodes: [{ id: 'submitted', kind: 'submitted', title: 'x.mp4', at: null, withdrawn: false }],
    edges: [],
  });
  expect(lineage({ registered: null }).nodes).toHaveLength(1);
});

it('leads from a copy back through the whole chain, withdrawals included', () => {
  const { nodes, edges, graph } = lineage({ registered: { ...nothing, watermark: known(C) }, ancestry: chain });
  expect(nodes).toEqual(['submitted submitted', `release ${C}`, `release ${B}`, `release ${A}`]);
  expect(edges).toEqual([`${C} copy submitted`, `${B} extension ${C}`, `${A} edit ${B}`]);
  expect(graph.nodes.filter(({ withdrawn }) => withdrawn).map(({ id }) => id)).toEqual([B]);
});

it('takes the register’s word for how a release was made before the manifest’s', () => {
  const own = ingredient({ state: 'ours', softBinding: B });
  const ours = credentials({ state: 'ours', ingredients: [own] });
  const registered = { ...nothing, manifest: known(C), named: [known(B)] };
  expect(lineage({ credentials: ours, registered, ancestry: chain }).edges).toEqual([
    `${C} copy submitted`,
    `${B} extension ${C}`,
    `${A} edit ${B}`,
  ]);
  expect(releasesOf({ credentials: ours, registered })).toEqual([C, B]);
});

it('shows what a stranger made of a release of ours', () => {
  const used = [
    ingredient({ state: 'ours', softBinding: A }),
    ingredient({ manifestId: 'urn:c2pa:2', title: 'other' }),
  ];
  const foreign = credentials({ state: 'other_trusted', ingredients: used });
  const { nodes, edges } = lineage({ credentials: foreign, registered: { ...nothing, named: [known(A)] } });
  expect(nodes).toEqual(['submitted submitted', `release ${A}`, 'foreign urn:c2pa:2']);
  expect(edges).toEqual([`${A} ingredient submitted`, 'urn:c2pa:2 ingredient submitted']);
});

it('believes no release that the register does not know, nor a broken ingredient’s claim', () => {
  const claims = [
    ingredient({ state: 'ours', softBinding: A }),
    ingredient({ state: 'broken', softBinding: B, manifestId: null }),
  ];
  const foreign = credentials({ state: 'unknown_signer', ingredients: claims });
  const { nodes } = lineage({ credentials: foreign, registered: { ...nothing, named: [known(B)] } });
  expect(nodes).toEqual(['submitted submitted', 'foreign urn:c2pa:1', 'foreign ingredient 2']);
});

it.each(['mismatch', 'damaged', 'none', 'unable'] as const)('lets credentials that are %s say nothing', (state) => {
  const finding = credentials({ state, ingredients: [ingredient()] });
  const registered = { ...nothing, manifest: known(A) };
  expect(lineage({ credentials: finding, registered }).nodes).toEqual(['submitted submitted']);
});

it('names every release that parts of the file come from, once', () => {
  const segment = { track: 'picture' as const, startS: 0, endS: 1, releaseStartS: null, by: ['watermark' as const] };
  const segments = [
    { ...segment, state: 'ours' as const, releaseId: A },
    { ...segment, state: 'ours' as const, releaseId: B },
    { ...segment, state: 'ours' as const, releaseId: A },
    { ...segment, state: 'other' as const, releaseId: null },
  ];
  const registered = { ...nothing, watermark: known(A), named: [known(B)] };
  expect(lineage({ registered, segments }).edges).toEqual([`${A} copy submitted`, `${B} copy submitted`]);
});

it('survives loops, floods and hostile text', () => {
  const loop: Ancestor[] = [
    { releaseId: A, releasedAt: AT, withdrawnAt: null, parent: { releaseId: B, how: 'remix' } },
    { releaseId: B, releasedAt: AT, withdrawnAt: null, parent: { releaseId: A, how: 'remix' } },
  ];
  expect(lineage({ registered: { ...nothing, bytes: known(A) }, ancestry: loop }).edges).toHaveLength(3);
  const title = `\u202e<b>\u0000${'x'.repeat(9000)}`;
  const many = Array.from({ length: 500 }, (_, i) => ingredient({ manifestId: `urn:c2pa:${i}`, title }));
  const { graph } = lineage({ credentials: credentials({ state: 'unknown_signer', ingredients: many }) });
  expect(graph.nodes).toHaveLength(100);
  expect(graph.edges).toHaveLength(99);
  for (const node of graph.nodes.slice(1)) expect(node.title).toMatch(/^<b> ?x{1,120}$/);
});

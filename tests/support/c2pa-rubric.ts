// What the C2PA conformance programme 0.2 asks of a generator's manifests for specification 2.4, as a table of our own. It
// asks what the public rubric asks, in other words: it is not that file, and the official evaluator was not run. What the
// rubric only warns of counts as a fault here. Sections are of C2PA 2.4 where nothing else is said.

type Action = { action?: string; digitalSourceType?: unknown; parameters?: Record<string, unknown> };
type Assertion = Record<string, unknown> & { actions?: Action[] };

/** The parts of a manifest in crJSON that are looked at. */
export interface CrManifest {
  label?: string;
  assertions: Record<string, Assertion>;
  'claim.v2': {
    claim_generator_info: Record<string, unknown>;
    created_assertions: { url: string }[];
    specVersion?: unknown;
  };
  validationResults?: { failure: { code: string }[] };
}

/** One thing that is asked. */
export interface Check {
  name: string;
  section: string;
  /** What is wrong; empty when nothing is. */
  faults(manifest: CrManifest): string[];
  /** Makes a sound manifest fail this check: the test of the check itself. */
  spoil(manifest: CrManifest): void;
}

const ACTIONS = 'c2pa.actions.v2';
const INCEPTION = ['c2pa.created', 'c2pa.opened'];
/** Not perceptible, so they need no source type. */
const NOT_EDITORIAL = words(`converted published repackaged transcoded resized.proportional enhanced edited.metadata
  watermarked watermarked.bound watermarked.unbound redacted`);
const STANDARD_ACTIONS = words(`addedText adjustedColor changedSpeed color_adjustments converted created cropped deleted
  drawing dubbed edited edited.metadata enhanced filtered mastered mixed opened orientation placed published redacted
  remixed removed repackaged resized resized.proportional transcoded translated trimmed unknown watermarked
  watermarked.bound watermarked.unbound`);
const OLD_ACTIONS = words(
  'copied formatted version_updated printed managed produced saved color_adjustments watermarked',
);
const STANDARD_ASSERTIONS = words(`hash.data hash.data.part actions.v2 ingredient.v3 hash.boxes hash.bmff.v3
  hash.collection.data soft-binding cloud-data embedded-data metadata certificate-status asset-ref asset-type.v2
  hash.multi-asset thumbnail.claim thumbnail.ingredient depthmap.GDepth icon alternative-content-representation
  external-reference session-keys environmental-sustainability repository-receipt ai-disclosure assertion.metadata time-stamp`);
const OLD_ASSERTIONS = words('claim hash.bmff hash.bmff.v2 asset-type ingredient ingredient.v2 actions');
const PARAMETERS = `redacted ingredients ingredient description relatedAssertions sourceLanguage targetLanguage
  multipleInstances ranges weight width italic slant optical-size`.split(/\s+/);
const STRUCTURE =
  /\.(malformed|missing|multiple\w*|invalid|inaccessible|unknownBox|labelMismatch|wrongParents|created)$/;
const INTEGRITY = /(\.mismatch|Mismatch|\.redacted|^claimSignature\.missing)$/;

function words(text: string): string[] {
  return text.split(/\s+/).map((word) => `c2pa.${word}`);
}

const keys = (m: CrManifest) => Object.keys(m.assertions);
const values = (m: CrManifest) => Object.values(m.assertions);
const actions = (m: CrManifest) => values(m).flatMap((one) => one.actions ?? []);
const named = (m: CrManifest, name: string) => actions(m).filter(({ action }) => action === name);
const names = (list: Action[]) => list.map(({ action }) => String(action));
const ingredients = (m: CrManifest) => values(m).filter(({ relationship }) => relationship !== undefined);
const ingredientFault = (m: CrManifest, isFault: (one: Assertion) => boolean) =>
  ingredients(m)
    .filter(isFault)
    .map((one) => (one['dc:title'] as string | undefined) ?? 'ingredient');
const failures = (m: CrManifest) => (m.validationResults?.failure ?? []).map(({ code }) => code);
const base = (label: string) => label.replace(/__\d+$/, '');
const isC2pa = (label: string | undefined) => label?.startsWith('c2pa.') ?? false;
const fault = (wrong: boolean, what: string) => (wrong ? [what] : []);
const addAction = (m: CrManifest, action: Action) => m.assertions[ACTIONS]!.actions!.push(action);
const addIngredient = (m: CrManifest, more: Assertion) =>
  (m.assertions['c2pa.ingredient.v3__9'] = { relationship: 'componentOf', ...more });
const editorial = ({ action }: Action) =>
  isC2pa(action) && ![...INCEPTION, ...NOT_EDITORIAL, 'c2pa.placed'].includes(action!);

const check = (name: string, section: string, faults: Check['faults'], spoil: Check['spoil']): Check => ({
  name,
  section,
  faults,
  spoil,
});

const GENERATOR: Check[] = [
  check(
    'every perceptible change says its digital source type',
    'conformance programme 0.2',
    (m) => names(actions(m).filter((one) => editorial(one) && one.digitalSourceType === undefined)),
    (m) => addAction(m, { action: 'c2pa.filtered' }),
  ),
  check(
    'the generator says that it follows 2.4',
    'conformance programme 0.2',
    (m) => fault(m['claim.v2'].claim_generator_info.specVersion !== '2.4', 'specVersion'),
    (m) => (m['claim.v2'].claim_generator_info.specVersion = '2.3'),
  ),
  check(
    'every actions assertion says whether it is complete',
    'conformance programme 0.2',
    (m) =>
      values(m)
        .filter((one) => one.actions && one.allActionsIncluded === undefined)
        .map(() => ACTIONS),
    (m) => delete m.assertions[ACTIONS]!.allActionsIncluded,
  ),
  check(
    'an opened file gets no source type',
    'conformance programme 0.2',
    (m) => names(named(m, 'c2pa.opened').filter((one) => one.digitalSourceType !== undefined)),
    (m) => addAction(m, { action: 'c2pa.opened', digitalSourceType: 'x', parameters: { ingredients: [{}] } }),
  ),
  check(
    'there are validation results to judge the structure by',
    '15',
    (m) => fault(!m.validationResults, 'validationResults'),
    (m) => delete m.validationResults,
  ),
  check(
    'the structure has no fault',
    '15',
    (m) => failures(m).filter((code) => STRUCTURE.test(code)),
    (m) => m.validationResults!.failure.push({ code: 'assertion.action.malformed' }),
  ),
  check(
    'there are validation results to judge the integrity by',
    '15',
    (m) => fault(!Array.isArray(m.validationResults?.failure), 'validationResults.failure'),
    (m) => (m.validationResults = {} as never),
  ),
  check(
    'nothing was changed after it was signed',
    '15',
    (m) => failures(m).filter((code) => INTEGRITY.test(code)),
    (m) => m.validationResults!.failure.push({ code: 'assertion.bmffHash.mismatch' }),
  ),
];

const SPEC_22: Check[] = [
  check(
    'the first created actions assertion begins with how the file came to be',
    '2.2 §18.14.2',
    (m) => {
      const first = m['claim.v2'].created_assertions.find(({ url }) => url.includes('c2pa.actions'));
      return fault(!first?.url.endsWith(ACTIONS) || !INCEPTION.includes(actions(m)[0]?.action ?? ''), 'first action');
    },
    (m) => m.assertions[ACTIONS]!.actions!.unshift({ action: 'c2pa.converted' }),
  ),
  check(
    'no assertion is of an old kind',
    '2.2 §6.3, C.1',
    (m) => keys(m).filter((key) => key.startsWith('stds.') || OLD_ASSERTIONS.includes(base(key))),
    (m) => (m.assertions['stds.exif'] = {}),
  ),
  check(
    'every c2pa assertion is one that exists',
    '2.2 §6.2',
    (m) => keys(m).filter((key) => isC2pa(key) && ![...STANDARD_ASSERTIONS, ...OLD_ASSERTIONS].includes(base(key))),
    (m) => (m.assertions['c2pa.invented'] = {}),
  ),
  check(
    'no action is of an old kind',
    '2.2 §18.14.11, C.1',
    (m) => names(actions(m)).filter((name) => OLD_ACTIONS.includes(name)),
    (m) => addAction(m, { action: 'c2pa.watermarked' }),
  ),
  check(
    'every c2pa action is one that exists',
    '2.2 §18.14',
    (m) => names(actions(m)).filter((name) => isC2pa(name) && ![...STANDARD_ACTIONS, ...OLD_ACTIONS].includes(name)),
    (m) => addAction(m, { action: 'c2pa.invented', digitalSourceType: 'x' }),
  ),
  check(
    'assertions of others have a namespace',
    '2.2 §6.2.2',
    (m) => keys(m).filter((key) => !key.includes('.')),
    (m) => (m.assertions.private = {}),
  ),
  check(
    'actions of others have a namespace',
    '2.2 §18.14.12',
    (m) => names(actions(m)).filter((name) => !name.includes('.')),
    (m) => addAction(m, { action: 'polished' }),
  ),
  check(
    'action parameters of others have a namespace',
    '2.2 §18.14.4.7',
    (m) =>
      actions(m)
        .flatMap(({ parameters }) => Object.keys(parameters ?? {}))
        .filter((key) => !PARAMETERS.includes(key) && !key.includes('.')),
    (m) => addAction(m, { action: 'c2pa.published', parameters: { colour: 1 } }),
  ),
  check(
    'parameters are in the form of actions v2',
    '2.2 §18.14.4.1',
    (m) =>
      names(
        actions(m).filter((one) => 'description' in (one.parameters ?? {}) || 'ingredient' in (one.parameters ?? {})),
      ),
    (m) => addAction(m, { action: 'c2pa.published', parameters: { description: 'text' } }),
  ),
  check(
    'the manifest has a c2pa URN',
    '2.2 §8.1',
    (m) => fault(!m.label?.startsWith('urn:c2pa:'), String(m.label)),
    (m) => (m.label = 'urn:uuid:09464258-c368-4b3a-b315-65d9af7a7d84'),
  ),
  check(
    'what a person entered carries no review ratings',
    '2.2 §18.3.3',
    (m) =>
      values(m)
        .map((one) => String((one.dataSource as { type?: string } | undefined)?.type))
        .filter((type, i) => type.startsWith('humanEntry.') && values(m)[i]!.reviewRatings !== undefined),
    (m) => (m.assertions['c2pa.metadata'] = { reviewRatings: [], dataSource: { type: 'humanEntry.anonymous' } }),
  ),
  check(
    'an ingredient without manifest has no validation results',
    '2.2 §18.15.12',
    (m) => ingredientFault(m, (one) => one.activeManifest === undefined && one.validationResults !== undefined),
    (m) => addIngredient(m, { validationResults: {} }),
  ),
  check(
    'an ingredient with a manifest has validation results',
    '2.2 §18.15.12',
    (m) => ingredientFault(m, (one) => one.activeManifest !== undefined && one.validationResults === undefined),
    (m) => addIngredient(m, { activeManifest: {} }),
  ),
  check(
    'every ingredient is a parent, a component or an input',
    '2.2 §18.15.3',
    (m) => ingredientFault(m, (one) => !['parentOf', 'componentOf', 'inputTo'].includes(String(one.relationship))),
    (m) => addIngredient(m, { relationship: 'cousinOf' }),
  ),
  check(
    'a created file says its digital source type',
    '2.2 §18.14.2',
    (m) => names(named(m, 'c2pa.created').filter((one) => one.digitalSourceType === undefined)),
    (m) => addAction(m, { action: 'c2pa.created' }),
  ),
];

const SPEC_24: Check[] = [
  check(
    'the claim itself states no version',
    '10.2.3',
    (m) => fault(m['claim.v2'].specVersion !== undefined, 'specVersion'),
    (m) => (m['claim.v2'].specVersion = '2.4'),
  ),
  check(
    'an ingredient has a manifest or a source type, not both',
    '18.16.12',
    (m) => ingredientFault(m, (one) => one.activeManifest !== undefined && one.digitalSourceType !== undefined),
    (m) => addIngredient(m, { activeManifest: {}, validationResults: {}, digitalSourceType: 'x' }),
  ),
  check(
    'an original preservation image is in one place',
    '15.10.3',
    (m) =>
      values(m)
        .filter(({ type }) => type === 'exif.originalPreservationImage')
        .map(({ parameters }) => (parameters ?? {}) as Record<string, unknown>)
        .filter((one) => 'multiAssetPartIndex' in one === 'embeddedOriginalPreservationImage' in one)
        .map(() => 'exif.originalPreservationImage'),
    (m) => (m.assertions['c2pa.alternative-content-representation'] = { type: 'exif.originalPreservationImage' }),
  ),
  check(
    'nothing that must be inside is referred to outside',
    '18.24.1',
    (m) =>
      values(m)
        .filter(({ url, relationship }) => url !== undefined && relationship === undefined)
        .map(({ label }) => String(label))
        .filter((label) => /^c2pa\.(actions|hash|ingredient|cloud-data|external-reference)/.test(label)),
    (m) => (m.assertions['c2pa.external-reference'] = { url: 'https://x', label: 'c2pa.hash.data' }),
  ),
  check(
    'a content hash names no address',
    '18.5, 18.6',
    (m) => ['c2pa.hash.data', 'c2pa.hash.bmff.v3'].filter((key) => m.assertions[key]?.url !== undefined),
    (m) => (m.assertions['c2pa.hash.bmff.v3']!.url = 'https://x'),
  ),
  check(
    'a file that was only opened says that this is all',
    '18.15.3',
    (m) => {
      const only = actions(m).length === 1 && actions(m)[0]!.action === 'c2pa.opened';
      return fault(only && m.assertions[ACTIONS]?.allActionsIncluded !== true, 'allActionsIncluded');
    },
    (m) => {
      m.assertions[ACTIONS] = { allActionsIncluded: false };
      m.assertions[ACTIONS].actions = [{ action: 'c2pa.opened', parameters: { ingredients: [{}] } }];
    },
  ),
  check(
    'an opened file refers to exactly one ingredient',
    '15.10.3, 18.15.4',
    (m) =>
      names(
        named(m, 'c2pa.opened').filter(
          ({ parameters }) => [parameters?.ingredients].flat().length !== 1 || !parameters?.ingredients,
        ),
      ),
    (m) => addAction(m, { action: 'c2pa.opened' }),
  ),
  check(
    'no box hash for TIFF',
    '18.7.3',
    (m) => {
      const tiff = /^image\/(tiff|x-adobe-dng)$/.test(String(m.assertions['c2pa.asset-type.v2']?.['dc:format']));
      return fault(tiff && 'c2pa.hash.boxes' in m.assertions, 'c2pa.hash.boxes');
    },
    (m) => Object.assign(m.assertions, { 'c2pa.hash.boxes': {}, 'c2pa.asset-type.v2': { 'dc:format': 'image/tiff' } }),
  ),
];

/** All 31. */
export const CHECKS: readonly Check[] = [...GENERATOR, ...SPEC_22, ...SPEC_24];

/** Names of the checks that a manifest does not pass, with what is wrong. */
export function faultsOf(manifest: CrManifest): Record<string, string[]> {
  const found = CHECKS.map((check) => [check.name, check.faults(manifest)] as const);
  return Object.fromEntries(found.filter(([, faults]) => faults.length > 0));
}

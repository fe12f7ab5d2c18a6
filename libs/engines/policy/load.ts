import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Document } from 'yaml';
import { CATEGORIES, type Category, type PolicyFault, type Stage } from '#contracts';
import { messageOf, sha256Hex } from '#kernel';
import { PolicyError } from './errors.js';
import { familyOf } from './family.js';
import { readMakers } from './makers.js';
import { type FamilyDocument, PolicyDocument, type StageDocument } from './schema.js';
import {
  type AudienceThresholds,
  type CategoryPolicy,
  type Combination,
  type FamilyPolicy,
  type Policy,
  type RequiredDetector,
  type StagePolicy,
} from './types.js';

/** A child-safety threshold above this would no longer be a low one. */
const CHILD_SAFETY_MAX = 0.5;

type Path = readonly (string | number)[];
type Taxonomy = Record<Category, CategoryPolicy>;

function fault(path: Path, message: string): never {
  throw new PolicyError('policy_invalid', message, path.join('.'), path);
}

function parse(yamlText: string): PolicyDocument {
  const yaml = parseDocument(yamlText, { uniqueKeys: true });
  const broken = yaml.errors[0];
  if (broken) throw new PolicyError('policy_unreadable', `The policy is not valid YAML: ${broken.message}`);
  const checked = PolicyDocument.safeParse(plainOf(yaml));
  if (checked.success) return checked.data;
  const issue = checked.error.issues[0]!;
  return fault(stepsOf(issue), `The policy is not valid: ${issue.message}.`);
}

function plainOf(yaml: Document): unknown {
  try {
    return yaml.toJS({ maxAliasCount: 100 });
  } catch (e) {
    throw new PolicyError('policy_unreadable', `The policy is not valid YAML: ${messageOf(e)}`);
  }
}

/** Where an issue is; a key that nobody knows is a place of its own. */
function stepsOf(issue: { path: PropertyKey[]; keys?: string[] }): string[] {
  return [...issue.path.map(String), ...(issue.keys ?? []).slice(0, 1)];
}

function readTaxonomy(document: PolicyDocument): Taxonomy {
  const entries = CATEGORIES.map((category): [Category, CategoryPolicy] => {
    const { child_safety: childSafety, ...rest } = document.taxonomy[category];
    return [category, { ...rest, childSafety }];
  });
  const taxonomy = Object.fromEntries(entries) as Taxonomy;
  if (!taxonomy.sexual_minors.childSafety || taxonomy.sexual_minors.severity !== 5) {
    fault(['taxonomy', 'sexual_minors'], 'Sexual content about minors is always child_safety: true with severity 5.');
  }
  return taxonomy;
}

/** null (never refuses) is laxer than any number. */
const laxer = (a: number | null, b: number | null) => (a ?? Infinity) > (b ?? Infinity);

function checkThresholds(both: AudienceThresholds, path: Path): void {
  for (const audience of ['adult', 'teen'] as const) {
    const { hold, refuse } = both[audience];
    if (refuse !== null && hold > refuse) fault([...path, audience, 'hold'], 'hold is above refuse.');
  }
  for (const outcome of ['hold', 'refuse'] as const) {
    if (laxer(both.teen[outcome], both.adult[outcome])) {
      fault([...path, 'teen', outcome], 'The threshold for teens is laxer than for adults.');
    }
  }
}

function checkScores(both: { adult: number; teen: number }, path: Path): void {
  if (both.teen > both.adult) fault([...path, 'teen'], 'The threshold for teens is laxer than for adults.');
}

function childSafetyThresholds(family: FamilyDocument, stage: StageDocument, path: Path): AudienceThresholds {
  const scores = family.child_safety ?? stage.child_safety;
  checkScores(scores, [...path, 'child_safety']);
  for (const audience of ['adult', 'teen'] as const) {
    if (scores[audience] > Math.min(CHILD_SAFETY_MAX, family[audience].hold)) {
      const most = `at most ${CHILD_SAFETY_MAX} and at most the family's own hold`;
      fault([...path, 'child_safety', audience], `The child-safety threshold is too high: ${most}.`);
    }
  }
  const always = (score: number) => ({ hold: score, refuse: score });
  return { adult: always(scores.adult), teen: always(scores.teen) };
}

function readFamily(family: FamilyDocument, stage: StageDocument, taxonomy: Taxonomy, path: Path): FamilyPolicy {
  const general = { adult: family.adult, teen: family.teen };
  checkThresholds(general, path);
  const childSafety = childSafetyThresholds(family, stage, path);
  const entries = CATEGORIES.map((category): [Category, AudienceThresholds] => {
    const own = family.categories[category];
    const place = [...path, 'categories', category];
    if (own && taxonomy[category].childSafety) fault(place, 'Set the threshold of this category with child_safety.');
    if (own) checkThresholds(own, place);
    return [category, taxonomy[category].childSafety ? childSafety : (own ?? general)];
  });
  return {
    thresholds: Object.fromEntries(entries) as FamilyPolicy['thresholds'],
    unable: family.unable ?? stage.unable,
  };
}

function readStage(name: Stage, stage: StageDocument, taxonomy: Taxonomy): StagePolicy {
  const path = ['stages', name];
  const families = Object.fromEntries(
    Object.entries(stage.families).map(([key, family]) => [
      key,
      readFamily(family, stage, taxonomy, [...path, 'families', key]),
    ]),
  );
  const required = stage.required.map((entry): RequiredDetector =>
    typeof entry === 'string' ? { detector: entry } : entry,
  );
  required.forEach(({ detector }, index) => {
    if (familyOf(families, detector).unable === 'ignore') {
      fault([...path, 'required', index], `${detector} is required, so unable may not be ignored.`);
    }
  });
  return { required, families };
}

function readCombinations(document: PolicyDocument, taxonomy: Taxonomy): Combination[] {
  const ids = new Set<string>();
  return document.combinations.map((combination, index) => {
    const { when, category = null, each = CATEGORIES, coverage_at_most: coverageAtMost = null } = combination;
    const { child_safety: childSafety, id, stages, outcome } = combination;
    const path = ['combinations', index];
    if (ids.has(id)) fault([...path, 'id'], 'Two combinations have the same id.');
    ids.add(id);
    when.forEach((condition, at) => checkScores(condition.at_least, [...path, 'when', at, 'at_least']));
    if (((category && taxonomy[category].childSafety) || childSafety) && outcome !== 'refuse') {
      fault([...path, 'outcome'], 'A child-safety category is always refused.');
    }
    if (category === null && when.every((condition) => condition.category)) {
      fault([...path, 'category'], 'The combination needs a category, or a condition without one.');
    }
    return {
      ...{ id, stages, outcome, childSafety },
      coverageAtMost,
      category,
      each,
      when: when.map(({ at_least: atLeast, ...condition }) => ({ ...condition, atLeast })),
    };
  });
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(freeze);
  }
  return value;
}

function build(document: PolicyDocument, yamlText: string): Policy {
  const taxonomy = readTaxonomy(document);
  return freeze({
    ref: { id: document.id, version: document.version, sha256: sha256Hex(yamlText) },
    effective: document.effective,
    title: document.title,
    taxonomy,
    stages: {
      prompt: readStage('prompt', document.stages.prompt, taxonomy),
      clip: readStage('clip', document.stages.clip, taxonomy),
    },
    combinations: readCombinations(document, taxonomy),
    makers: readMakers(document.makers, fault),
    wording: document.wording,
  });
}

/**
 * Reads a policy document (YAML 1.2) and checks it: complete wording in every language for every category, hold not
 * above refuse, teen not laxer than adult, child-safety thresholds low and without a hold below the refusal, required
 * detectors not ignorable. The result is deeply frozen.
 * @throws PolicyError `policy_unreadable` or `policy_invalid`, with the path of the first fault
 */
export function loadPolicy(yamlText: string): Policy {
  return build(parse(yamlText), yamlText);
}

/** Offset of the deepest part of the document on the way; what is missing is where it would have to stand. */
function offsetOf(yaml: Document, steps: Path): number {
  let node: unknown = yaml.contents;
  let offset = 0;
  for (const step of steps) {
    if (isAlias(node)) node = node.resolve(yaml);
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
      if (!pair) break;
      offset = (pair.key as { range?: readonly number[] }).range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      const item = node.items[Number(step)] as { range?: readonly number[] } | undefined;
      if (!item) break;
      offset = item.range?.[0] ?? offset;
      node = item;
    } else break;
  }
  return offset;
}

/**
 * What is wrong with a policy document, with line and column. Faults of the YAML and of its shape are told all at once;
 * those of what it says (thresholds, child safety) one at a time. Empty: {@link loadPolicy} accepts it.
 */
export function checkPolicy(yamlText: string): PolicyFault[] {
  const lines = new LineCounter();
  const yaml = parseDocument(yamlText, { uniqueKeys: true, lineCounter: lines });
  const at = (message: string, steps: Path, offset: number): PolicyFault => {
    const { line, col } = lines.linePos(offset);
    return { message, path: steps.join('.'), line, column: col };
  };
  if (yaml.errors.length) return yaml.errors.map(({ message, pos }) => at(message.split('\n')[0]!, [], pos[0]));
  try {
    const checked = PolicyDocument.safeParse(plainOf(yaml));
    if (!checked.success)
      return checked.error.issues.map((issue) =>
        at(`${issue.message}.`, stepsOf(issue), offsetOf(yaml, stepsOf(issue))),
      );
    build(checked.data, yamlText);
    return [];
  } catch (e) {
    if (!(e instanceof PolicyError)) throw e;
    return [at(e.message, e.steps, offsetOf(yaml, e.steps))];
  }
}

import { type Agent, type Disclosure } from './types.js';

const IPTC = 'http://cv.iptc.org/newscodes/digitalsourcetype/';
/** IPTC digital source type of media made by a trained model. */
export const TRAINED_ALGORITHMIC_MEDIA = `${IPTC}trainedAlgorithmicMedia`;
const SPEC_VERSION = '2.4';
const PARENT = 'parent';

/** What a manifest says about a clip. */
export interface ManifestFacts {
  title: string;
  /** 16 hex digits. */
  releaseId: string;
  softBinding: { alg: string; value: string };
  generator: Agent;
  softwareAgent: Agent;
  digitalSourceType?: string;
  createdAt: string;
  /** Title of the clip that this one was made from. */
  parentTitle?: string;
  disclosure?: Disclosure;
  extra?: { label: string; data: unknown }[];
}

function editedSourceType(sourceType: string): string {
  return sourceType === TRAINED_ALGORITHMIC_MEDIA
    ? `${IPTC}compositeWithTrainedAlgorithmicMedia`
    : `${IPTC}compositeSynthetic`;
}

function actionsOf(facts: ManifestFacts): unknown[] {
  const sourceType = facts.digitalSourceType ?? TRAINED_ALGORITHMIC_MEDIA;
  const by = { when: facts.createdAt, softwareAgent: facts.softwareAgent };
  const first =
    facts.parentTitle === undefined
      ? [{ action: 'c2pa.created', digitalSourceType: sourceType, ...by }]
      : [
          // An opened file keeps the source type of its own manifest; only the edit states a new one.
          { action: 'c2pa.opened', parameters: { ingredientIds: [PARENT] } },
          { action: 'c2pa.edited', digitalSourceType: editedSourceType(sourceType), ...by },
        ];
  // A text track beside the clip changes nothing in it, so only drawn words are an action.
  const label =
    facts.disclosure?.delivery === 'burned'
      ? [
          {
            action: 'c2pa.addedText',
            digitalSourceType: `${IPTC}algorithmicMedia`,
            when: facts.createdAt,
            softwareAgent: facts.generator,
          },
        ]
      : [];
  return [...first, ...label, { action: 'c2pa.watermarked.bound' }];
}

/**
 * The disclosure in words: who provided it, with which system, when, under which id (California Bus. & Prof. Code
 * 22757.3). Of what a trained model made, the machine-readable assertion of C2PA 2.4 as well.
 */
function disclosureAssertions(facts: ManifestFacts): { label: string; data: unknown }[] {
  const { disclosure, generator, softwareAgent, createdAt, releaseId } = facts;
  if (!disclosure) return [];
  const trained = (facts.digitalSourceType ?? TRAINED_ALGORITHMIC_MEDIA) === TRAINED_ALGORITHMIC_MEDIA;
  const model = {
    modelType: 'c2pa.types.model',
    modelName: softwareAgent.name,
    contentProfile: { humanOversightLevel: 'prompt_guided' },
  };
  return [
    ...(trained ? [{ label: 'c2pa.ai-disclosure', data: model }] : []),
    {
      label: 'org.imprimatur.disclosure',
      data: { ...disclosure, provider: generator.name, system: softwareAgent, createdAt, id: releaseId },
    },
  ];
}

/**
 * Manifest definition of a release, as the C2PA builder takes it. Every assertion is on the created list: this
 * service, not a user, answers for it (C2PA 2.4; the public conformance rubric asks for `specVersion`,
 * `allActionsIncluded` and a soft binding beside a watermark action).
 */
export function manifestDefinition(facts: ManifestFacts): unknown {
  const { alg, value } = facts.softBinding;
  const assertions = [
    { label: 'c2pa.actions.v2', data: { allActionsIncluded: true, actions: actionsOf(facts) } },
    { label: 'c2pa.soft-binding', data: { alg, blocks: [{ scope: {}, value }] } },
    ...disclosureAssertions(facts),
    ...(facts.extra ?? []),
  ];
  return {
    claim_generator_info: [{ name: facts.generator.name, version: facts.generator.version, specVersion: SPEC_VERSION }],
    title: facts.title,
    format: 'video/mp4',
    assertions: assertions.map((assertion) => ({ ...assertion, created: true })),
  };
}

/** Definition of the ingredient that a remix was made from. */
export function parentIngredient(title: string): unknown {
  return { title, relationship: 'parentOf', label: PARENT, instance_id: PARENT };
}

import { type Agent } from './types.js';

const IPTC = 'http://cv.iptc.org/newscodes/digitalsourcetype/';
/** IPTC digital source type of media made by a trained model. */
export const TRAINED_ALGORITHMIC_MEDIA = `${IPTC}trainedAlgorithmicMedia`;
const SPEC_VERSION = '2.4';
const PARENT = 'parent';

/** What a manifest says about a clip. */
export interface ManifestFacts {
  title: string;
  softBinding: { alg: string; value: string };
  generator: Agent;
  softwareAgent: Agent;
  digitalSourceType?: string;
  createdAt: string;
  /** Title of the clip that this one was made from. */
  parentTitle?: string;
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
  return [...first, { action: 'c2pa.watermarked.bound' }];
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

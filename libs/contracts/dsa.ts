import { z } from 'zod';

/**
 * A statement of reasons as the DSA Transparency Database of the European Commission takes it. Codes, lengths and
 * conditions are those of its API documentation and validation (github.com/digital-services-act/transparency-database,
 * schema in force since 1 July 2025, Implementing Regulation (EU) 2024/2835).
 */

/** What was done to the visibility of an item. */
export const DSA_VISIBILITY = [
  'DECISION_VISIBILITY_CONTENT_REMOVED',
  'DECISION_VISIBILITY_CONTENT_DISABLED',
  'DECISION_VISIBILITY_CONTENT_DEMOTED',
  'DECISION_VISIBILITY_CONTENT_AGE_RESTRICTED',
  'DECISION_VISIBILITY_CONTENT_INTERACTION_RESTRICTED',
  'DECISION_VISIBILITY_CONTENT_LABELLED',
  'DECISION_VISIBILITY_OTHER',
] as const;

/** What was done to the provision of the service. */
export const DSA_PROVISION = [
  'DECISION_PROVISION_PARTIAL_SUSPENSION',
  'DECISION_PROVISION_TOTAL_SUSPENSION',
  'DECISION_PROVISION_PARTIAL_TERMINATION',
  'DECISION_PROVISION_TOTAL_TERMINATION',
] as const;

/** Categories of statements, each with the keywords that belong to it. */
export const DSA_KEYWORDS = {
  STATEMENT_CATEGORY_ANIMAL_WELFARE: ['KEYWORD_ANIMAL_HARM', 'KEYWORD_UNLAWFUL_SALE_ANIMALS'],
  STATEMENT_CATEGORY_CONSUMER_INFORMATION: [
    'KEYWORD_HIDDEN_ADVERTISEMENT',
    'KEYWORD_INSUFFICIENT_INFORMATION_ON_TRADERS',
    'KEYWORD_MISLEADING_INFO_GOODS_SERVICES',
    'KEYWORD_MISLEADING_INFO_CONSUMER_RIGHTS',
    'KEYWORD_NONCOMPLIANCE_PRICING',
  ],
  STATEMENT_CATEGORY_CYBER_VIOLENCE: [
    'KEYWORD_CYBER_BULLYING_INTIMIDATION',
    'KEYWORD_CYBER_HARASSMENT',
    'KEYWORD_CYBER_INCITEMENT',
    'KEYWORD_CYBER_STALKING',
    'KEYWORD_NON_CONSENSUAL_IMAGE_SHARING',
    'KEYWORD_NON_CONSENSUAL_MATERIAL_DEEPFAKE',
  ],
  STATEMENT_CATEGORY_CYBER_VIOLENCE_AGAINST_WOMEN: [
    'KEYWORD_BULLYING_AGAINST_GIRLS',
    'KEYWORD_CYBER_HARASSMENT_AGAINST_WOMEN',
    'KEYWORD_CYBER_STALKING_AGAINST_WOMEN',
    'KEYWORD_FEMALE_GENDERED_DISINFORMATION',
    'KEYWORD_INCITEMENT_AGAINST_WOMEN',
    'KEYWORD_NON_CONSENSUAL_IMAGE_SHARING_AGAINST_WOMEN',
    'KEYWORD_NON_CONSENSUAL_MATERIAL_DEEPFAKE_AGAINST_WOMEN',
  ],
  STATEMENT_CATEGORY_DATA_PROTECTION_AND_PRIVACY_VIOLATIONS: [
    'KEYWORD_BIOMETRIC_DATA_BREACH',
    'KEYWORD_DATA_FALSIFICATION',
    'KEYWORD_MISSING_PROCESSING_GROUND',
    'KEYWORD_RIGHT_TO_BE_FORGOTTEN',
  ],
  STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH: ['KEYWORD_DEFAMATION', 'KEYWORD_DISCRIMINATION', 'KEYWORD_HATE_SPEECH'],
  STATEMENT_CATEGORY_INTELLECTUAL_PROPERTY_INFRINGEMENTS: [
    'KEYWORD_COPYRIGHT_INFRINGEMENT',
    'KEYWORD_DESIGN_INFRINGEMENT',
    'KEYWORD_GEOGRAPHIC_INDICATIONS_INFRINGEMENT',
    'KEYWORD_PATENT_INFRINGEMENT',
    'KEYWORD_TRADE_SECRET_INFRINGEMENT',
    'KEYWORD_TRADEMARK_INFRINGEMENT',
  ],
  STATEMENT_CATEGORY_NEGATIVE_EFFECTS_ON_CIVIC_DISCOURSE_OR_ELECTIONS: [
    'KEYWORD_MISINFORMATION_DISINFORMATION',
    'KEYWORD_VIOLATION_EU_LAW',
    'KEYWORD_VIOLATION_NATIONAL_LAW',
  ],
  STATEMENT_CATEGORY_NOT_SPECIFIED_NOTICE: [],
  STATEMENT_CATEGORY_OTHER_VIOLATION_TC: [
    'KEYWORD_ADULT_SEXUAL_MATERIAL',
    'KEYWORD_AGE_SPECIFIC_RESTRICTIONS',
    'KEYWORD_GEOGRAPHICAL_REQUIREMENTS',
    'KEYWORD_GOODS_SERVICES_NOT_PERMITTED',
    'KEYWORD_LANGUAGE_REQUIREMENTS',
    'KEYWORD_NUDITY',
  ],
  STATEMENT_CATEGORY_PROTECTION_OF_MINORS: [
    'KEYWORD_AGE_SPECIFIC_RESTRICTIONS_MINORS',
    'KEYWORD_CHILD_SEXUAL_ABUSE_MATERIAL',
    'KEYWORD_CHILD_SEXUAL_ABUSE_MATERIAL_DEEPFAKE',
    'KEYWORD_GROOMING_SEXUAL_ENTICEMENT_MINORS',
    'KEYWORD_UNSAFE_CHALLENGES',
  ],
  STATEMENT_CATEGORY_RISK_FOR_PUBLIC_SECURITY: [
    'KEYWORD_ILLEGAL_ORGANIZATIONS',
    'KEYWORD_RISK_ENVIRONMENTAL_DAMAGE',
    'KEYWORD_RISK_PUBLIC_HEALTH',
    'KEYWORD_TERRORIST_CONTENT',
  ],
  STATEMENT_CATEGORY_SCAMS_AND_FRAUD: [
    'KEYWORD_IMPERSONATION_ACCOUNT_HIJACKING',
    'KEYWORD_INAUTHENTIC_ACCOUNTS',
    'KEYWORD_INAUTHENTIC_LISTINGS',
    'KEYWORD_INAUTHENTIC_USER_REVIEWS',
    'KEYWORD_PHISHING',
    'KEYWORD_PYRAMID_SCHEMES',
  ],
  STATEMENT_CATEGORY_SELF_HARM: [
    'KEYWORD_CONTENT_PROMOTING_EATING_DISORDERS',
    'KEYWORD_SELF_MUTILATION',
    'KEYWORD_SUICIDE',
  ],
  STATEMENT_CATEGORY_UNSAFE_AND_PROHIBITED_PRODUCTS: ['KEYWORD_PROHIBITED_PRODUCTS', 'KEYWORD_UNSAFE_PRODUCTS'],
  STATEMENT_CATEGORY_VIOLENCE: [
    'KEYWORD_COORDINATED_HARM',
    'KEYWORD_INCITEMENT_VIOLENCE_HATRED',
    'KEYWORD_HUMAN_EXPLOITATION',
    'KEYWORD_HUMAN_TRAFFICKING',
    'KEYWORD_TRAFFICKING_WOMEN_GIRLS',
  ],
} as const;

/** One category of the database. */
export type DsaCategory = keyof typeof DSA_KEYWORDS;
const categories = Object.keys(DSA_KEYWORDS) as [DsaCategory, ...DsaCategory[]];
/** One keyword of the database; `KEYWORD_OTHER` belongs to every category. */
export type DsaKeyword = (typeof DSA_KEYWORDS)[DsaCategory][number] | 'KEYWORD_OTHER';
const keywords = [...new Set([...Object.values(DSA_KEYWORDS).flat(), 'KEYWORD_OTHER'])] as [
  DsaKeyword,
  ...DsaKeyword[],
];

/** Countries of the European Economic Area, as the database spells them. */
export const EEA = [
  ...(['AT', 'BE', 'BG', 'CY', 'CZ', 'DE', 'DK', 'EE', 'ES', 'FI', 'FR', 'GR', 'HR', 'HU', 'IE'] as const),
  ...(['IS', 'IT', 'LI', 'LT', 'LU', 'LV', 'MT', 'NL', 'NO', 'PL', 'PT', 'RO', 'SE', 'SI', 'SK'] as const),
];

const day = z.iso.date().refine((date) => date >= '2000-01-01' && date <= '2038-01-01', 'out of range');
const starts = day.refine((date) => date >= '2020-01-01', 'out of range');
const words = (most: number) => z.string().min(1).max(most);

const fields = z.strictObject({
  decision_visibility: z.array(z.enum(DSA_VISIBILITY)).min(1).optional(),
  decision_visibility_other: words(500).optional(),
  end_date_visibility_restriction: day.optional(),
  decision_provision: z.enum(DSA_PROVISION).optional(),
  end_date_service_restriction: day.optional(),
  decision_account: z.enum(['DECISION_ACCOUNT_SUSPENDED', 'DECISION_ACCOUNT_TERMINATED']).optional(),
  end_date_account_restriction: day.optional(),
  account_type: z.enum(['ACCOUNT_TYPE_BUSINESS', 'ACCOUNT_TYPE_PRIVATE']).optional(),
  decision_ground: z.enum(['DECISION_GROUND_ILLEGAL_CONTENT', 'DECISION_GROUND_INCOMPATIBLE_CONTENT']),
  decision_ground_reference_url: z.url().max(500).optional(),
  illegal_content_legal_ground: words(500).optional(),
  illegal_content_explanation: words(2000).optional(),
  incompatible_content_ground: words(500).optional(),
  incompatible_content_explanation: words(2000).optional(),
  incompatible_content_illegal: z.enum(['Yes', 'No']).optional(),
  category: z.enum(categories),
  category_addition: z.array(z.enum(categories)).default([]),
  category_specification: z.array(z.enum(keywords)).default([]),
  category_specification_other: words(500).optional(),
  content_type: z
    .array(z.enum(['CONTENT_TYPE_SYNTHETIC_MEDIA', 'CONTENT_TYPE_TEXT', 'CONTENT_TYPE_VIDEO', 'CONTENT_TYPE_IMAGE']))
    .min(1),
  content_language: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .optional(),
  content_date: day,
  territorial_scope: z.array(z.enum(EEA)).min(1),
  application_date: starts,
  decision_facts: words(5000),
  source_type: z.enum([
    'SOURCE_ARTICLE_16',
    'SOURCE_TRUSTED_FLAGGER',
    'SOURCE_TYPE_OTHER_NOTIFICATION',
    'SOURCE_VOLUNTARY',
  ]),
  source_identity: words(500).optional(),
  automated_detection: z.enum(['Yes', 'No']),
  automated_decision: z.enum([
    'AUTOMATED_DECISION_FULLY',
    'AUTOMATED_DECISION_PARTIALLY',
    'AUTOMATED_DECISION_NOT_AUTOMATED',
  ]),
  puid: z
    .string()
    .max(500)
    .regex(/^[a-zA-Z0-9-_]+$/),
});

const unless = (condition: boolean, path: keyof z.infer<typeof fields>, context: z.RefinementCtx) => {
  if (!condition) context.addIssue({ code: 'custom', path: [path], message: `${path} does not fit the other fields` });
};

/** Body of `POST /api/v1/statement` of the database. The database itself refuses a `puid` that it has. */
export const DsaStatement = fields.superRefine((one, context) => {
  const illegal = one.decision_ground === 'DECISION_GROUND_ILLEGAL_CONTENT';
  unless(
    Boolean(one.decision_visibility ?? one.decision_provision ?? one.decision_account),
    'decision_visibility',
    context,
  );
  unless(
    Boolean(one.decision_visibility?.includes('DECISION_VISIBILITY_OTHER')) ===
      (one.decision_visibility_other !== undefined),
    'decision_visibility_other',
    context,
  );
  unless(illegal === (one.illegal_content_legal_ground !== undefined), 'illegal_content_legal_ground', context);
  unless(illegal === (one.illegal_content_explanation !== undefined), 'illegal_content_explanation', context);
  unless(illegal !== (one.incompatible_content_ground !== undefined), 'incompatible_content_ground', context);
  unless(illegal !== (one.incompatible_content_explanation !== undefined), 'incompatible_content_explanation', context);
  unless(!illegal || one.incompatible_content_illegal === undefined, 'incompatible_content_illegal', context);
  unless(
    one.category_specification_other === undefined || one.category_specification.includes('KEYWORD_OTHER'),
    'category_specification_other',
    context,
  );
  unless(!one.category_addition.includes(one.category), 'category_addition', context);
  unless(one.source_type !== 'SOURCE_VOLUNTARY' || one.source_identity === undefined, 'source_identity', context);
  const ends = [
    'end_date_visibility_restriction',
    'end_date_service_restriction',
    'end_date_account_restriction',
  ] as const;
  for (const end of ends) unless(one[end] === undefined || one[end] >= one.application_date, end, context);
});
export type DsaStatement = z.infer<typeof DsaStatement>;

/** Statements that one request to the database may hold. */
export const DSA_BATCH = 100;

/** Body of `POST /api/v1/statements`: a batch; no `puid` twice. */
export const DsaBatch = z.strictObject({
  statements: z
    .array(DsaStatement)
    .min(1)
    .max(DSA_BATCH)
    .refine((all) => new Set(all.map(({ puid }) => puid)).size === all.length, 'a puid is there twice'),
});
export type DsaBatch = z.infer<typeof DsaBatch>;

/** Columns of the database's own bulk files, in their order. `platform_uid` is the puid; the database gives the `uuid`. */
export const DSA_COLUMNS = [
  'uuid',
  'decision_visibility',
  'decision_visibility_other',
  'end_date_visibility_restriction',
  'decision_monetary',
  'decision_monetary_other',
  'end_date_monetary_restriction',
  'decision_provision',
  'end_date_service_restriction',
  'decision_account',
  'end_date_account_restriction',
  'account_type',
  'decision_ground',
  'decision_ground_reference_url',
  'illegal_content_legal_ground',
  'illegal_content_explanation',
  'incompatible_content_ground',
  'incompatible_content_explanation',
  'incompatible_content_illegal',
  'category',
  'category_addition',
  'category_specification',
  'category_specification_other',
  'content_type',
  'content_type_other',
  'content_language',
  'content_date',
  'territorial_scope',
  'application_date',
  'decision_facts',
  'source_type',
  'source_identity',
  'automated_detection',
  'automated_decision',
  'platform_name',
  'platform_uid',
  'created_at',
] as const;

export { decide } from './decide.js';
export { PolicyError } from './errors.js';
export { childSafetyReasons, isChildSafety } from './child-safety.js';
export { familyOf } from './family.js';
export { checkPolicy, loadPolicy } from './load.js';
export { categoriesHeld } from './reach.js';
export type { ContentUsers, MakerRules, MakersPolicy } from './makers.js';
export { appealText } from './appeal.js';
export { statementText } from './statement.js';
export type {
  AudienceThresholds,
  CategoryPolicy,
  Combination,
  Condition,
  DecideInput,
  FamilyPolicy,
  Policy,
  PolicyRef,
  RequiredDetector,
  StagePolicy,
  StatementOptions,
  Thresholds,
  UnableRule,
} from './types.js';

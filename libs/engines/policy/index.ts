export { decide } from './decide.js';
export { PolicyError } from './errors.js';
export { isChildSafety } from './child-safety.js';
export { familyOf } from './family.js';
export { checkPolicy, loadPolicy } from './load.js';
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

export { classifyText, lexiconOf, type ClassifyOptions } from './classify.js';
export { TextModelError, type TextModelCode } from './errors.js';
export { FeatureCollector, windowsOf, type FeatureSpace } from './features.js';
export { foldText, type FoldedText } from './fold.js';
export { guessLanguage } from './language.js';
export { encodeWeights, loadTextModel, type TextManifest } from './model-file.js';
export { linearRaw as linearRawScores } from './linear.js';
export { moderationScores } from './moderation.js';
export { ELISIONS, normaliseText, type NormalisedText } from './normalise.js';
export { textSignals, unableTextSignals, type TextSource } from './signals.js';
export {
  MAX_TEXT_CHARS,
  type LinearWeights,
  type RuleHit,
  type TextLang,
  type TextModel,
  type TextVerdict,
  type Thresholds,
  type WordTag,
} from './types.js';
export { isWordUnit } from './unicode.js';
export { replaceLeet, type Lexicon } from './words.js';

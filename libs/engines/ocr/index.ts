export { OcrError, type OcrErrorCode } from './errors.js';
export { kindOf, markIn } from './kinds.js';
export { KNOWN_MARKS, type KnownMark, type MarkKind } from './marks.js';
export { createTextReader, type TextReaderOptions } from './reader.js';
export { MARK_DETECTOR, screenSignals, TEXT_DETECTOR, unableScreenText } from './signals.js';
export { type ClipReader, type ScreenLine, type TextReader } from './types.js';

export { convertGraphModel } from './convert.js';
export { ConversionError, type ConversionErrorCode } from './errors.js';
export { type GraphModelJson } from './graph.js';
export { convertSilero } from './silero.js';
export { readModuleExport } from './source.js';

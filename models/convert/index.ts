export { convertGraphModel } from './convert.js';
export { convertDlibFace } from './dlib-face.js';
export { ConversionError, type ConversionErrorCode } from './errors.js';
export { type GraphModelJson, type WeightGroup } from './graph.js';
export { readModuleExport } from './source.js';

export { drawLabel, type DrawnLabel } from './draw.js';
export { LabelError } from './errors.js';

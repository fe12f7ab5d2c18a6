export {
  createDetector,
  type Detector,
  type WatermarkReading,
  type WatermarkSearch,
  type WindowsReading,
} from './detector.js';
export { WatermarkError, type WatermarkErrorCode } from './errors.js';
export { createMarker, type Marker, type MarkerOptions } from './marker.js';
export { WATERMARK_ALG } from './params.js';
export { parseSoftBindingValue, softBindingValue } from './payload.js';
export { type WindowReading } from './windows.js';
export { type Placement } from './placement.js';

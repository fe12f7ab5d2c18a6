export { NearestFaces, NearestFullError, type FaceVectors, type NearFace } from './nearest.js';

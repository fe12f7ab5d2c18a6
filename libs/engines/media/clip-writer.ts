import { audioShapeOf } from './audio.js';

export { Charts } from './charts.js';
export { Quality } from './quality.js';

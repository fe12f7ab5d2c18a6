export { commit, promiseLeaf } from './promise.js';

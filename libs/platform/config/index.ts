export { ConfigError, Environment, envExample, loadConfig, type Config } from './config.js';

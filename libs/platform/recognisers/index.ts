export { AZURE_IMAGES, azureImageModerator, type AzureImageOptions } from './azure-images.js';
export { type ServiceOptions } from './client.js';
export { RecogniserError, type RecogniserErrorCode } from './errors.js';
export { chooseFrames, type ImageLimits, type ImageModerator, type ModeratedImage } from './images.js';
export { OPENAI_IMAGES, openAiImageModerator, type OpenAiImageOptions } from './openai-images.js';
export { remoteTranscriber, type RemoteTranscriberOptions } from './transcriber.js';

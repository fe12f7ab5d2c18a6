/**
 * Whether the Vulkan loader is installed (always true off Linux). The whisper.cpp in node-av's FFmpeg calls it as soon
 * as a model is opened, on the CPU too, and ends its process where it is missing.
 */
export function hasVulkanLoader(): boolean {
  if (process.platform !== 'linux') return true;
  try {
    process.dlopen({ exports: {} }, 'libvulkan.so.1');
  } catch (thrown) {
    // A library that is there is refused for another reason: it is no module of Node.
    return !String(thrown).includes('cannot open shared object file');
  }
  return true;
}

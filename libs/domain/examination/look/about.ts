import type { ModelRef } from '#contracts';
import { chosenProvider, loadManifest, type ProviderReport } from '#engines/inference';

/** What networks run on here, and which there are by their cards. Loads none. */
export async function aboutNetworks(): Promise<{ provider: ProviderReport; models: ModelRef[] }> {
  const report = await chosenProvider();
  const models = Object.values(loadManifest()).map(({ name, version, sha256 }): ModelRef => ({
    name,
    version,
    sha256,
    provider: report.provider,
  }));
  return { provider: report, models };
}

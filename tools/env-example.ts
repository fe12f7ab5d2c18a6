// Writes .env.example from the configuration's own description.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '#kernel';
import { envExample } from '#platform/config';

writeFileSync(join(projectRoot, '.env.example'), envExample());

// Builds the scoring benchmark into one module, as the application is built, and runs it.
//   npm run bench -- scoring
import { loadBundle } from '../data/bundle.mjs';

const { run } = await loadBundle('scoring', 'bench/scoring/evaluation.ts');
await run();

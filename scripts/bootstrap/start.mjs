// npm start: sets up what is missing and opens the app (on the sample project the first time).
import { runEntry } from './console.mjs';
import { openApp } from './open-app.mjs';

await runEntry(() => openApp(process.argv.slice(2)));

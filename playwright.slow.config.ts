import { defineConfig } from '@playwright/test';
import base from './playwright.config';

/** The slow end-to-end tests alone (the made package, installed): `npm run test:slow`. */
export default defineConfig(base, { testDir: 'e2e/slow', timeout: 900_000 });

/** The manifest against Kubernetes' own schema, unknown fields refused. */
import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { pythonWith } from '../scripts/bootstrap/python-packages.mjs';
import { MANIFEST } from './manifest.fixture';

it('the manifest is a Job of Kubernetes', async ({ skip }) => {
  const environment = await pythonWith(['kubernetes-validate==1.37.0']);
  if ('missing' in environment) return skip(`kubernetes-validate: ${environment.missing}`);
  const args = ['-m', 'kubernetes_validate', '--strict', MANIFEST];
  expect(execFileSync(environment.python, args, { encoding: 'utf8' })).toContain('passed');
});

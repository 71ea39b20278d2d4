/** The example manifest, as far as the tests read it. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { EXAMPLES } from './examples.fixture';

export const MANIFEST = path.join(EXAMPLES, 'kubernetes', 'evaluate-in-parts.yaml');

interface Manifest {
  readonly spec: {
    readonly completions: number;
    readonly template: { readonly spec: { readonly containers: readonly Container[] } };
  };
}

interface Container {
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
}

export function readManifest(): { readonly completions: number; readonly container: Container } {
  const { spec } = parse(readFileSync(MANIFEST, 'utf8')) as Manifest;
  return { completions: spec.completions, container: spec.template.spec.containers[0]! };
}

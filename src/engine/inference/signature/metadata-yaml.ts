/** `metadata.yaml`, which Ultralytics' exporters write beside models that have no place for metadata of their own. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import type { ModelSignature } from '../../../core/inference/model';

function readEntries(text: string): Record<string, string> {
  let value: unknown;
  try {
    value = parse(text, { logLevel: 'error' });
  } catch {
    // Another tool's file, or a garbled one: the model is understood as if it were not there.
    return {};
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [
      key,
      typeof entry === 'string' ? entry : JSON.stringify(entry),
    ]),
  );
}

/** The signature with the entries of a `metadata.yaml` in `folder`; the file's own entries come first. */
export async function withMetadataOf(folder: string, signature: ModelSignature): Promise<ModelSignature> {
  const file = path.join(folder, 'metadata.yaml');
  if (!existsSync(file)) return signature;
  return { ...signature, metadata: { ...readEntries(await readFile(file, 'utf8')), ...signature.metadata } };
}

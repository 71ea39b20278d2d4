/** The system's dialogs. What the user chooses here is what the engine may read or write. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { app, dialog } from 'electron';
import type { BrowserWindow, OpenDialogOptions, SaveDialogOptions } from 'electron';
import type { AppCalls } from '../contract/app-calls';
import type { ArgumentsOf } from '../contract/call';
import type { ExportFormat } from '../contract/export-formats';
import { EXPORT_FORMATS, EXPORT_TARGETS } from '../contract/export-formats';

const PROJECTS = { name: 'Reticle projects', extensions: ['reticle'] };

const OPEN: Readonly<Record<ArgumentsOf<AppCalls['dialog.open']>['kind'], OpenDialogOptions>> = {
  folder: { title: 'Import a folder', properties: ['openDirectory'] },
  files: {
    title: 'Import files',
    properties: ['openFile', 'multiSelections'],
    filters: [
      {
        name: 'Labels and predictions',
        extensions: [
          ...[
            'json',
            'jsonl',
            'xml',
            'csv',
            'pbtxt',
            'txt',
            'yaml',
            'yml',
            'data',
            'record',
            'tfrecord',
            'reticle',
          ],
          ...['zip', 'tar', 'gz', 'tgz'],
        ],
      },
      { name: 'All files', extensions: ['*'] },
    ],
  },
  project: { title: 'Open a project', properties: ['openFile'], filters: [PROJECTS] },
  archive: {
    title: 'Choose an archive',
    properties: ['openFile'],
    filters: [
      { name: 'Archives and TFRecords', extensions: ['zip', 'tar', 'gz', 'tgz', 'record', 'tfrecord'] },
      { name: 'All files', extensions: ['*'] },
    ],
  },
  model: {
    title: 'Choose a model',
    properties: ['openFile'],
    filters: [
      { name: 'Models', extensions: ['onnx', 'pb', 'json'] },
      { name: 'All files', extensions: ['*'] },
    ],
  },
  modelFolder: { title: 'Choose a SavedModel folder', properties: ['openDirectory'] },
  labelMap: {
    title: 'Choose a label map',
    properties: ['openFile'],
    filters: [{ name: 'Label maps', extensions: ['pbtxt', 'txt'] }],
  },
};

type SaveOptions = SaveDialogOptions & { readonly extension: string };
type SaveKind = ArgumentsOf<AppCalls['dialog.save']>['kind'];
const SAVE: Readonly<Record<Exclude<SaveKind, 'overlays' | ExportFormat>, SaveOptions>> = {
  project: { title: 'Save the project as', filters: [PROJECTS], extension: '.reticle' },
  failures: {
    title: 'Export failures as CSV',
    filters: [{ name: 'CSV', extensions: ['csv'] }],
    extension: '.csv',
  },
  'report-html': {
    title: 'Write the report as HTML',
    filters: [{ name: 'HTML', extensions: ['html'] }],
    extension: '.html',
  },
  'report-pdf': {
    title: 'Write the report as PDF',
    filters: [{ name: 'PDF', extensions: ['pdf'] }],
    extension: '.pdf',
  },
};

function labelsDialog(format: ExportFormat): SaveOptions {
  const { name, extension } = EXPORT_TARGETS[format];
  const title = `Export labels as ${name}`;
  return extension === ''
    ? { title, extension }
    : { title, filters: [{ name, extensions: [extension.slice(1)] }], extension };
}

const isExport = (kind: SaveKind): kind is ExportFormat =>
  (EXPORT_FORMATS as readonly string[]).includes(kind);

/** Chosen paths; empty where the dialog was cancelled. */
export async function chooseToOpen(
  window: BrowserWindow,
  { kind }: ArgumentsOf<AppCalls['dialog.open']>,
): Promise<string[]> {
  const { canceled, filePaths } = await dialog.showOpenDialog(window, OPEN[kind]);
  return canceled ? [] : filePaths;
}

/** The chosen path, with the kind's extension where the user typed none; null where the dialog was cancelled. */
export async function chooseToSave(
  window: BrowserWindow,
  { kind, suggestedName }: ArgumentsOf<AppCalls['dialog.save']>,
): Promise<string | null> {
  if (kind === 'overlays') {
    const { canceled, filePaths } = await dialog.showOpenDialog(window, {
      title: 'Export images with overlays into a folder',
      buttonLabel: 'Export here',
      properties: ['openDirectory', 'createDirectory'],
    });
    return canceled ? null : (filePaths[0] ?? null);
  }
  const { extension, ...options } = isExport(kind) ? labelsDialog(kind) : SAVE[kind];
  const defaultPath = path.join(app.getPath('documents'), path.basename(suggestedName));
  const { canceled, filePath } = await dialog.showSaveDialog(window, { ...options, defaultPath });
  if (canceled || filePath === '') return null;
  if (extension === '' || path.extname(filePath) !== '') return filePath;
  // The system asked about the name as typed, not about the one with its extension.
  const file = filePath + extension;
  return !existsSync(file) || (await mayReplace(window, file)) ? file : null;
}

async function mayReplace(window: BrowserWindow, file: string): Promise<boolean> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'warning',
    message: `${path.basename(file)} is there already.`,
    detail: 'Replacing it writes over what it holds.',
    buttons: ['Replace', 'Cancel'],
    defaultId: 1,
    cancelId: 1,
  });
  return response === 0;
}

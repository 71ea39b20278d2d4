/** `project export`: the labels in another format, all of them or a choice. */
import type { ExportFormat } from '../../contract/export-formats';
import { EXPORT_FORMATS } from '../../contract/export-formats';
import { chooseForExport, sourceOfProject } from '../../engine/export/choose';
import { exportLabels } from '../../engine/export/labels';
import { parseClassOrder } from '../classes';
import type { CommandContext, OutputOptions } from '../command';
import { inFolder, printDocument, progressOnStderr, tellFindings, usage } from '../command';
import { parseSplit } from '../shares';
import { NOT_CANCELLED, withSession } from './commands';

export interface ExportOptions extends OutputOptions {
  readonly to: string;
  readonly toFormat: string;
  readonly allowLoss?: boolean;
  readonly copyImages?: boolean;
  readonly subset?: string;
  readonly reviewed?: boolean;
  readonly classOrder?: string;
  readonly split?: string;
  readonly seed: string;
}

export async function exportProject(
  context: CommandContext,
  file: string,
  options: ExportOptions,
): Promise<number> {
  const format: ExportFormat | undefined = EXPORT_FORMATS.find((one) => one === options.toFormat);
  if (!format)
    throw usage(
      `This version does not write “${options.toFormat}”.`,
      `It writes ${EXPORT_FORMATS.join(', ')}.`,
    );
  return withSession(context, file, async (session) => {
    const { data } = session;
    const source = chooseForExport(
      sourceOfProject(session),
      format,
      {
        subset: options.subset ?? null,
        reviewedOnly: options.reviewed ?? false,
        classOrder: parseClassOrder(options.classOrder),
        split: parseSplit(options),
      },
      (image) => data.images[image]!.status === 'done',
    );
    const to = inFolder(context, options.to);
    const consent = {
      allowLoss: options.allowLoss ?? false,
      copyImages: options.copyImages ?? false,
      sources: session.sourceFolders,
    };
    const { images, annotations, losses } = await exportLabels(
      source,
      format,
      to,
      consent,
      progressOnStderr(NOT_CANCELLED),
    );
    tellFindings(options, losses);
    const document = { format, to: options.to, images, annotations, findings: losses };
    return printDocument(
      context,
      options,
      document,
      () => `${to}: ${annotations} boxes of ${images} images\n`,
    );
  });
}

/** `reticle project ...`: the commands' shapes; what they do is loaded when one runs, for it needs the database. */
import type { Command } from 'commander';
import { EXPORT_FORMATS } from '../../contract/export-formats';
import { withOutput } from '../command';
import { withConventionOptions, withPredictionsConventions } from '../conventions';
import { withSources } from '../diagnose/options';
import { withScoring } from '../evaluate/options';
import type { RunCommand } from '../run-command';
import type * as Work from './commands';
import type * as DiagnoseWork from './diagnose';
import type * as ExportWork from './export';
import type * as FileWork from './files';
import type * as FixesWork from './fixes';
import type * as ImportWork from './import';

export function registerProject(program: Command, run: RunCommand): void {
  const project = program.command('project').description('work on a project file');
  const load = (): Promise<typeof Work> => import('./commands');
  const loadFiles = (): Promise<typeof FileWork> => import('./files');

  withOutput(project.command('new').description('make a project'))
    .argument('<file>')
    .action((file: string, options: Work.BaseOptions) =>
      run(options, async (context) => (await load()).newProject(context, file, options)),
    );

  const importing = project
    .command('import')
    .description('put ground truth, predictions or both into a project');
  withPredictionsConventions(withConventionOptions(withOutput(importing)))
    .argument('<file>')
    .option('--truth <path>', 'ground truth')
    .option('--images <folder>', 'folder of the images')
    .option('--subset <name>', 'one split')
    .option('--label-map <file>', 'label_map.pbtxt')
    .option('--predictions <path>', 'predictions in any format that is read')
    .option('--run <name>', 'name of the run')
    .option('--classes-map <file>', 'JSON of names: {"old": "new", "left out": null}')
    .option('--replace', 'exchange the ground truth, or a run of that name')
    .option('--add', 'a second dataset: images that are new come in, the others stay as they are')
    .option('--update', 'the files again: labels follow them, what you edited stays as you left it')
    .option('--overwrite-edits', 'with --update: what you edited follows the files too')
    .option('--remove-missing', 'with --update: images that the files no longer have go')
    .option('--dry-run', 'say what would be written, and write nothing')
    .option('--strict', 'a record that would be left out is an error')
    .option('--author <name>', 'who is written into the history')
    .action((file: string, options: ImportWork.ImportOptions) =>
      run(options, async (context) => (await import('./import')).importInto(context, file, options)),
    );

  withOutput(withScoring(project.command('evaluate').description('score a run of the project')))
    .argument('<file>')
    .option('--run <name>', 'which run; may be left out where there is one')
    .action((file: string, options: Work.EvaluateOptions) =>
      run(options, async (context) => (await load()).evaluateProject(context, file, options)),
    );

  withOutput(
    withSources(withScoring(project.command('diagnose').description('say why the score of a run is low'))),
  )
    .argument('<file>')
    .option('--run <name>', 'which run; may be left out where there is one')
    .action((file: string, options: DiagnoseWork.DiagnoseOptions) =>
      run(options, async (context) => (await import('./diagnose')).diagnoseProject(context, file, options)),
    );

  withOutput(
    project.command('fixes').description('list suspect labels by what mending each is expected to gain'),
  )
    .argument('<file>')
    .option('--run <name>', 'which run; may be left out where there is one')
    .option('--protocol <name>', 'coco, voc2007 or voc2012; coco where not given')
    .option('--limit <count>', 'at most so many')
    .option('--all', 'those that were dismissed too')
    .action((file: string, options: FixesWork.FixesOptions) =>
      run(options, async (context) => (await import('./fixes')).projectFixes(context, file, options)),
    );

  withOutput(project.command('edit').description('apply operations as one undoable step'))
    .argument('<file>')
    .requiredOption('--operations <file>', 'JSON list of operations; - is stdin')
    .option('--run <name>', 'score this run only')
    .option('--author <name>', 'who is written into the history')
    .option('--protocol <names>', 'protocols to score with')
    .action((file: string, options: Work.EditOptions) =>
      run(options, async (context) => (await load()).edit(context, file, options)),
    );

  for (const direction of ['undo', 'redo'] as const) {
    withOutput(
      project
        .command(direction)
        .description(direction === 'undo' ? 'take back steps' : 'do undone steps again'),
    )
      .argument('<file>')
      .option('--steps <count>', 'how many', '1')
      .option('--run <name>', 'score this run only')
      .option('--author <name>', 'who is written into the history')
      .option('--protocol <names>', 'protocols to score with')
      .action((file: string, options: Work.TravelOptions) =>
        run(options, async (context) => (await load()).travel(context, file, direction, options)),
      );
  }

  withOutput(project.command('export').description('write the labels in another format'))
    .argument('<file>')
    .requiredOption('--to <path>', 'target; it must not be there yet')
    .requiredOption('--to-format <format>', EXPORT_FORMATS.join(', '))
    .option('--allow-loss', 'export although something is lost')
    .option('--copy-images', 'copy the images too')
    .option('--subset <name>', 'one split')
    .option('--reviewed', 'only images that were marked as reviewed')
    .option('--class-order <names>', 'numbers classes in this order, with commas')
    .option('--split <shares>', 'new subsets at random, such as train=0.8,val=0.2')
    .option('--seed <number>', 'of the split', '0')
    .action((file: string, options: ExportWork.ExportOptions) =>
      run(options, async (context) => (await import('./export')).exportProject(context, file, options)),
    );

  withOutput(project.command('history').description('every step: who, when, what, what it did to the score'))
    .argument('<file>')
    .action((file: string, options: Work.BaseOptions) =>
      run(options, async (context) => (await load()).history(context, file, options)),
    );

  withOutput(project.command('check').description('say whether the file is sound'))
    .argument('<file>')
    .action((file: string, options: FileWork.CheckOptions) =>
      run(options, async (context) => (await loadFiles()).check(context, file, options)),
    );

  withOutput(project.command('repair').description('write every readable record into a new file'))
    .argument('<file>')
    .option('--to <file>', 'the new file; NAME-repaired.reticle where not given')
    .action((file: string, options: FileWork.CheckOptions) =>
      run(options, async (context) => (await loadFiles()).repair(context, file, options)),
    );

  withOutput(project.command('split').description('make several projects of one, for several people'))
    .argument('<file>')
    .requiredOption('--by <count>', 'how many parts')
    .requiredOption('--to <folder>', 'folder for the parts; it must not be there yet, or be empty')
    .action((file: string, options: FileWork.SplitOptions) =>
      run(options, async (context) => (await loadFiles()).split(context, file, options)),
    );

  withOutput(project.command('merge').description('bring what was done in other projects into this one'))
    .argument('<file>')
    .argument('<others...>')
    .option('--author <name>', 'who is written into the history')
    .action((file: string, others: string[], options: FileWork.MergeOptions) =>
      run(options, async (context) => (await loadFiles()).merge(context, file, others, options)),
    );
}

/** `reticle doctor`: which parts are present, and what to do about those that are not. */
import type { Command } from 'commander';
import type { Finding } from '../core/foundation/finding';
import type { OutputOptions } from './command';
import { printDocument, withOutput } from './command';
import type { RunCommand } from './run-command';

/** Parts that everything works without. */
const OPTIONAL = new Set([
  'gpu',
  'electron',
  'tensorflow',
  'tensorflow-gpu',
  'onnx',
  'webgpu',
  'cuda',
  'wasm',
]);

export function registerDoctor(program: Command, run: RunCommand): void {
  withOutput(program.command('doctor').description('say which runtimes and parts are present')).action(
    (options: OutputOptions) =>
      run(options, async (context) => {
        const { electronComponent, engineComponents } = await import('../engine/doctor/components');
        const node = {
          name: 'node',
          present: true,
          version: process.versions.node,
          detail: process.execPath,
          fix: null,
        };
        const components = [node, electronComponent(context.root), ...engineComponents(context.dataFolder)];
        const findings = components
          .filter(({ present }) => !present)
          .map(({ name, detail, fix }): Finding => ({
            code: `${name}-missing`,
            severity: OPTIONAL.has(name) ? 'warning' : 'error',
            message: `${detail}. ${fix ?? ''}`.trim(),
            where: {},
            count: 1,
          }));
        const document = { platform: `${process.platform}-${process.arch}`, components, findings };
        return printDocument(context, options, document, () =>
          components
            .map(
              ({ name, present, version, detail, fix }) =>
                `${present ? '✓' : '–'} ${name.padEnd(15)} ${(version ?? '').padEnd(10)} ${detail}${fix ? `\n  ${fix}` : ''}\n`,
            )
            .join(''),
        );
      }),
  );
}

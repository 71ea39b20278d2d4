// The import layers of docs/architecture.md:
//   renderer -> contract -> core      main, preload -> contract
//   cli -> engine -> contract, core   main forks engine by path and imports none of it
const layer = (name, from, allowed) => ({
  name,
  severity: 'error',
  comment: `${from} may import from ours only: ${allowed.join(', ') || 'nothing'}`,
  from: { path: `^src/${from}/`, pathNot: '\\.(test|fixture)\\.tsx?$' },
  to: { path: '^src/', pathNot: [`^src/${from}/`, ...allowed.map((a) => `^src/${a}/`)] },
});
module.exports = {
  forbidden: [
    layer('layer-core', 'core', []),
    layer('layer-contract', 'contract', ['core']),
    layer('layer-engine', 'engine', ['contract', 'core']),
    layer('layer-cli', 'cli', ['engine', 'contract', 'core']),
    layer('layer-main', 'main', ['contract', 'core/foundation']),
    layer('layer-preload', 'preload', ['contract']),
    layer('layer-renderer', 'renderer', ['contract', 'core']),
    {
      name: 'core-is-pure',
      severity: 'error',
      comment: 'core imports nothing outside itself but the pure parsers of its allow-list',
      from: { path: '^src/core/', pathNot: '\\.(test|fixture)\\.ts$|/make-fixtures\\.mjs$' },
      to: { pathNot: ['^src/core/', 'node_modules/(saxes|xmlchars|papaparse|@types/papaparse|yaml|pbf)/'] },
    },
    {
      name: 'engine-without-electron',
      severity: 'error',
      from: { path: '^src/(core|contract|engine|cli|renderer)/' },
      to: { path: '(^|/)electron($|/)' },
    },
    {
      name: 'renderer-without-node',
      severity: 'error',
      from: { path: '^src/(renderer|contract)/', pathNot: '\\.test\\.tsx?$' },
      to: { dependencyTypes: ['core'] },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'resolvable',
      comment: 'virtual: modules are made by the build (scripts/kernels/vite-plugin.mjs)',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^virtual:' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^out/' },
  },
};

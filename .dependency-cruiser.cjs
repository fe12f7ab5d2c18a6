// The house (docs/architecture.md): arrows go down only.
const room = (layer) => `^libs/${layer}/([^/]+)/`;

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: { pathNot: 'generated' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'not-resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'kernel-stands-alone',
      severity: 'error',
      from: { path: '^libs/kernel/' },
      to: { path: '^(apps|libs/(?!kernel)|tools|models|tests)' },
    },
    {
      name: 'contracts-use-zod-only',
      severity: 'error',
      from: { path: '^libs/contracts/' },
      to: { pathNot: '^libs/contracts/|node_modules/zod' },
    },
    {
      name: 'engines-look-down',
      severity: 'error',
      from: { path: '^libs/engines/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^(apps|libs/platform|libs/domain|tools|tests)/' },
    },
    {
      name: 'engines-without-frameworks',
      severity: 'error',
      from: { path: '^libs/engines/' },
      to: { path: 'node_modules/(@nestjs|@prisma|pg|bullmq|express)/' },
    },
    {
      name: 'platform-looks-down',
      severity: 'error',
      from: { path: '^libs/platform/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^(apps|libs/domain|tools|tests)/' },
    },
    {
      name: 'domain-looks-down',
      severity: 'error',
      from: { path: '^libs/domain/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^(apps|tools|tests)/' },
    },
    {
      name: 'apps-are-apart',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    ...['engines', 'platform', 'domain']
      .map((layer) => ({
        name: `one-door-to-${layer}`,
        comment: 'another room is entered by its index.ts',
        severity: 'error',
        from: { path: '^(apps|libs|models)/', pathNot: ['^tools/', '^tests/'] },
        to: { path: room(layer), pathNot: [`^libs/${layer}/[^/]+/index\\.ts$`] },
      }))
      .map((rule) => ({
        ...rule,
        from: {
          ...rule.from,
          path: '^(?:apps|models|libs/(?:kernel|contracts)|libs/(?:engines|platform|domain)/([^/]+))/',
        },
        to: { ...rule.to, pathNot: [...rule.to.pathNot, '^libs/[^/]+/$1/'] },
      })),
    {
      name: 'api-opens-no-media',
      comment: 'Invariant 6: the API process loads no native model and never decodes media',
      severity: 'error',
      from: { path: '^apps/api/' },
      to: {
        reachable: true,
        path: '^libs/(engines/(media|vision|inference|scene|watermark|faces|ocr|motion)|domain/(pipeline|examination|enrolment|recognition-faces))/|node_modules/(node-av|onnxruntime-node|sharp)/',
      },
    },
    {
      name: 'dashboard-knows-contracts-only',
      severity: 'error',
      from: { path: '^dashboard/' },
      to: { path: '^(apps|libs/(?!contracts)|tools|models|tests)' },
    },
    {
      name: 'dashboard-takes-types-only',
      comment: 'what is imported as a value would be sent to every reader, zod with it',
      severity: 'error',
      from: { path: '^dashboard/' },
      to: { path: '^libs/contracts/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-tests-in-the-product',
      severity: 'error',
      from: { path: '^(apps|dashboard|libs)/', pathNot: '(\\.spec\\.ts|/testing\\.ts)$|/testing/' },
      to: { path: '\\.spec\\.ts$|/testing\\.ts$|^tests/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|generated)/' },
    tsPreCompilationDeps: true,
    // The package's own imports name dist/; here they are to lead to the sources.
    tsConfig: { fileName: 'tsconfig.layers.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.json', '.css'],
    },
  },
};

// The floors of the house. Imports go down only; test/architecture plants breaches and expects each to be found.

const PURE_ROOMS = 'gate/(decode|canonicalise|inspect|decide|enforce)';

/** Room -> rooms it may import besides itself. */
const MAY_IMPORT = {
  exchange: [],
  lib: [],
  lead: ['exchange', 'lib'],
  config: ['exchange', 'lib'],
  'gate/decode': ['exchange', 'lib'],
  'gate/canonicalise': ['exchange', 'lib'],
  'gate/inspect': ['exchange', 'lib', 'gate/canonicalise'],
  'gate/decide': ['exchange', 'lib'],
  'gate/enforce': ['exchange', 'lib', 'gate/decode', 'gate/canonicalise', 'gate/inspect', 'gate/decide'],
  'gate/intercept': ['exchange', 'lib', 'lead', 'config', 'gate/decode'],
  'gate/forward': ['exchange', 'lib', 'config', 'gate/decide'],
  'gate/record': ['exchange', 'lib', 'config'],
  policy: ['exchange', 'lib', 'config', 'gate/(canonicalise|inspect|decide)'],
  judge: ['exchange', 'lib', 'gate/(decode|decide|enforce)', 'policy'],
  courier: ['lib', 'config', 'policy'],
  sidecar: ['exchange', 'lib', 'config', 'gate/[a-z]+', 'policy', 'judge', 'courier'],
  'cluster/reflect': ['lib'],
  'cluster/certificates': ['lib', 'cluster/reflect'],
  'cluster/distribute': ['exchange', 'lib', 'config', 'policy', 'cluster/reflect'],
  'cluster/admit': ['exchange', 'lib', 'lead', 'config'],
  cli: ['exchange', 'lib', 'lead', 'config', 'gate/[a-z]+', 'policy', 'judge', 'cluster/[a-z]+'],
  controller: ['exchange', 'lib', 'config', 'gate/record', 'policy', 'cluster/[a-z]+'],
  run: ['exchange', 'lib', 'lead', 'config'],
  demo: ['exchange', 'lib', 'config'],
};

/** Package -> the only rooms that may import it. */
const PACKAGES = {
  undici: '(gate/forward|cluster/reflect|demo)',
  '@kubernetes/client-node': '(cluster/reflect|controller)',
  'js-yaml': '(config|policy/compiler|cli)',
  zod: '(config|cli|cluster/distribute)',
  '@open-policy-agent/opa-wasm': 'policy',
  '@opentelemetry/': '(gate/record|controller|demo)',
  binaryen: 'policy/compiler',
  nanotar: 'policy',
  re2js: 'gate/inspect',
  express: '(controller|demo)',
  openai: 'demo',
  '@anthropic-ai/sdk': 'demo',
  '@peculiar/': '(gate/intercept/authority|cluster/certificates|demo)',
  asn1js: 'gate/intercept/authority',
  'reflect-metadata': '(gate/intercept/authority|cluster/certificates|demo)',
};

const layers = Object.entries(MAY_IMPORT).map(([room, below]) => ({
  name: `layer-${room}`,
  severity: 'error',
  from: { path: `^src/${room}/` },
  to: { path: '^src/', pathNot: [room, ...below].map((allowed) => `^src/${allowed}/`) },
}));

const fences = Object.entries(PACKAGES).map(([name, rooms]) => ({
  name: `package-${name}`,
  severity: 'error',
  from: { path: '^src/', pathNot: `^src/${rooms}/` },
  to: { path: `node_modules/${name}` },
}));

const doors = {
  name: 'door',
  comment: 'Other rooms import a room’s index.ts (lib has no door: each file is one).',
  severity: 'error',
  from: { path: '^src/((?:gate|cluster)/[a-z]+|[a-z]+)/' },
  to: {
    path: '^src/((?:gate|cluster)/[a-z]+|exchange|lead|config|policy|judge|courier|sidecar|cli|controller|run|demo)/',
    pathNot: ['^src/$1/', '/index\\.ts$'],
  },
};

const NO_IO =
  '^(node:)?(fs|net|tls|http|https|http2|dns|dgram|child_process|worker_threads|process|cluster|timers)';

const onlyWhereNeeded = {
  name: 'on-demand',
  comment:
    'The pod’s authority drags in 20 MiB: only where TLS is ended is it imported, and then dynamically.',
  severity: 'error',
  from: { path: '^src/', pathNot: '^src/gate/intercept/authority/' },
  to: {
    path: '^src/gate/intercept/authority/',
    dynamic: false,
    dependencyTypesNot: ['type-only'],
  },
};

const onlyInParts = {
  name: 'in-parts',
  comment:
    'undici’s own door drags in 13 MiB of fetch and WebSocket: what forwards takes the parts of undici.ts.',
  severity: 'error',
  from: { path: '^src/gate/forward/', pathNot: '^src/gate/forward/undici-parts[.]d[.]ts$' },
  to: { path: 'node_modules/undici/index[.]js', dependencyTypesNot: ['type-only'] },
};

export default {
  forbidden: [
    ...layers,
    ...fences,
    doors,
    onlyWhereNeeded,
    onlyInParts,
    { name: 'cycle', severity: 'error', from: { path: '^src/' }, to: { circular: true } },
    {
      name: 'pure',
      severity: 'error',
      from: { path: `^src/${PURE_ROOMS}/` },
      to: { path: NO_IO, reachable: true },
    },
    {
      name: 'pure-admit',
      comment: 'What judges a pod is pure; of node:net it asks what an address is.',
      severity: 'error',
      from: { path: '^src/(lead|cluster/admit)/' },
      to: { path: NO_IO.replace('net|', ''), reachable: true },
    },
    {
      name: 'vocabulary',
      severity: 'error',
      from: { path: '^src/(exchange|lib)/' },
      to: { path: '^src/(?!exchange/|lib/)' },
    },
    { name: 'unresolved', severity: 'error', from: { path: '^src/' }, to: { couldNotResolve: true } },
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|build)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      extensions: ['.ts', '.mjs', '.js'],
      conditionNames: ['import', 'node', 'default'],
    },
  },
};

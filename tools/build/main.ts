// src in; dist, as the image ships it, out: a few files instead of a thousand, and in them only what is used. See docs/adr/0030.
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { builtinHttp, ownFolder, withoutGrpc } from './plugins.ts';

const ROOT = join(import.meta.dirname, '../..');

/** Stay packages: native, or large and of no use to a sidecar; and what only the demonstration needs, in a checkout. */
const PACKAGES = [
  'koffi',
  'binaryen',
  'express',
  '@kubernetes/client-node',
  'openai',
  '@anthropic-ai/sdk',
  'protobufjs',
];

const bundle = await rolldown({
  cwd: ROOT,
  input: { main: 'src/main.ts' },
  platform: 'node',
  external: PACKAGES.map((name) => new RegExp(`^${name}(/|$)`)),
  plugins: [ownFolder(join(ROOT, 'src')), builtinHttp, withoutGrpc],
});
await bundle.write({
  dir: join(ROOT, 'dist'),
  cleanDir: true,
  format: 'esm',
  // Node keeps the text of what it runs: comments and indentation are megabytes. Names stay, for those who read a stack.
  minify: { compress: true, mangle: false, codegen: { removeWhitespace: true } },
  // The licences are in node_modules, beside it.
  comments: false,
});
await bundle.close();

// Jest transform: TypeScript in, the same text with types blanked out (positions kept, so no source maps).
import { stripTypeScriptTypes } from 'node:module';

export default {
  process: (source) => ({ code: stripTypeScriptTypes(source, { mode: 'strip' }) }),
};

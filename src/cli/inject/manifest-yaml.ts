// Manifests as text in, each document of them out; and back. YAML is read as kubectl reads it: 0644 is octal, yes is true.
import {
  boolYaml11Tag,
  CORE_SCHEMA,
  defineScalarTag,
  dump,
  intCoreTag,
  loadAll,
  mergeTag,
  YAMLException,
} from 'js-yaml';
import { isObject, type Json } from '../../cluster/admit/index.ts';
import { err, ok, type Result } from '../../lib/result.ts';

const OCTAL = /^0[0-7]+$/;

const intTag = defineScalarTag<number>('tag:yaml.org,2002:int', {
  ...intCoreTag,
  resolve: (source, ...rest) =>
    OCTAL.test(source) ? parseInt(source, 8) : intCoreTag.resolve(source, ...rest),
});

const SCHEMA = CORE_SCHEMA.withTags(boolYaml11Tag, intTag, mergeTag);

/** Or where it cannot be read, and why. */
export function parseManifests(file: string, text: string): Result<readonly Json[], string> {
  try {
    const documents = loadAll(text, { schema: SCHEMA }).filter((document) => document !== null);
    const odd = documents.findIndex((document) => !isObject(document));
    if (odd >= 0) return err(`${file}: document ${String(odd + 1)} is no manifest`);
    return documents.length === 0 ? err(`${file}: there is no manifest`) : ok(documents.filter(isObject));
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const { line, column } = error.mark ?? { line: 0, column: 0 };
    return err(`${file}:${String(line + 1)}:${String(column + 1)}: ${error.reason}`);
  }
}

export const writeManifests = (manifests: readonly Json[]): string =>
  manifests.map((manifest) => dump(manifest, { lineWidth: -1, noRefs: true })).join('---\n');

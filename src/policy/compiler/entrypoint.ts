// Policies in, the module out that asks them all. Only static references: dynamic ones cost a lookup each, and one to
// a rule that is not there would make the whole undefined.
import type { Policy } from './policy-facts.ts';
import type { RegoModule } from './rego-compiler.ts';

export const writeEntrypoint = (policies: readonly Policy[]): RegoModule => ({
  file: '@postern/main.rego',
  text: `package postern.main\n\nresult := {\n${policies.map(writePolicy).join('')}}\n`,
  test: false,
});

function writePolicy({ metadata: { id }, exports }: Policy): string {
  const rules = exports.map((name) => `"${name}": data.postern.policies.${id}.${name}`);
  return `\t"${id}": {${rules.join(', ')}},\n`;
}

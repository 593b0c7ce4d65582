// Files of cases in; the cases, or everything that is wrong with them and where, out.
import type { z } from 'zod';
import { err, ok, type Result } from '../../lib/result.ts';
import { parseDocument, type DataFile } from '../../policy/compiler/index.ts';
import type { PolicyIssue } from '../../policy/index.ts';
import type { Case } from './case.ts';
import { locateValues, type Locate, type Path } from './places.ts';
import { readAnswer, readExpectation, readRequest } from './read-exchange.ts';
import { casesSchema, type CaseText } from './schema.ts';

type Issues = readonly PolicyIssue[];

export function readCases(files: readonly DataFile[]): Result<readonly Case[], Issues> {
  const read = files.map(readFile);
  const issues = read.flatMap((result) => (result.ok ? [] : result.error));
  const cases = read.flatMap((result) => (result.ok ? result.value : []));
  return issues.length === 0 ? ok(cases) : err(issues);
}

function readFile({ file, text }: DataFile): Result<readonly Case[], Issues> {
  const document = parseDocument(file, text);
  if (!document.ok) return err([document.error]);
  const locate = locateValues(text);
  const parsed = casesSchema.safeParse(document.value);
  if (!parsed.success)
    return err(pickCauses(parsed.error.issues).map((issue) => describe(issue, file, locate)));
  const { cases, ...shared } = parsed.data;
  const read = cases.map((each, index) => readCase(each, shared, { file, locate, index }));
  const repeated = read.filter(({ name }, index) => read.findIndex((other) => other.name === name) < index);
  return repeated.length === 0 ? ok(read) : err(repeated.map(explainRepeated));
}

/** What a slip leads to is said once it is mended: a key that is not known is not the one that is missing. */
function pickCauses(issues: readonly z.core.$ZodIssue[]): readonly z.core.$ZodIssue[] {
  const causes = issues.filter(({ code }) => code !== 'custom');
  return causes.length > 0 ? causes : issues;
}

const explainRepeated = ({ file, name, locate }: Case): PolicyIssue => ({
  file,
  ...locate(['name']),
  code: 'case.name',
  message: `There is another case of the name: ${name}.`,
});

/** An unknown key is to blame itself, not the mapping it stands in. */
function describe(issue: z.core.$ZodIssue, file: string, locate: Locate): PolicyIssue {
  const path = issue.path.filter((key) => typeof key !== 'symbol');
  const at = issue.code === 'unrecognized_keys' ? [...path, issue.keys[0] ?? ''] : path;
  return { file, ...locate(at), code: 'case.shape', message: messageOf(issue, String(at.at(-1) ?? '')) };
}

function messageOf(issue: z.core.$ZodIssue, key: string): string {
  if (issue.code === 'invalid_type' && issue.input === undefined) return `${key} is missing`;
  return issue.message.startsWith('is ') ? `${key} ${issue.message}` : issue.message;
}

type Shared = Pick<Case, 'config' | 'modes'>;

interface Origin {
  readonly file: string;
  readonly locate: Locate;
  readonly index: number;
}

function readCase(text: CaseText, shared: Shared, { file, locate, index }: Origin): Case {
  const { name, namespace, operation = [], streamed = null, request, answer, expect } = text;
  const at: Path = ['cases', index];
  return {
    file,
    name,
    locate: (path) => locate([...at, ...path]),
    config: { ...shared.config, ...text.config },
    modes: { ...shared.modes, ...text.modes },
    namespace,
    operations: operation,
    streamed,
    request: request === undefined ? null : readRequest(request),
    answer: answer === undefined ? null : readAnswer(answer),
    expected: readExpectation(expect, answer === undefined ? 'user' : 'assistant'),
  };
}

// What the command line names in; the input that policies are asked about, and with what settings, out.
import type { Facts } from '../../gate/decide/index.ts';
import { parseDocument, type PolicySources } from '../../policy/compiler/index.ts';
import type { PolicyIssue, Snapshot } from '../../policy/index.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import {
  hearTelling,
  OPERATION_NAMES,
  readCases,
  routesOf,
  tellCase,
  type Heard,
  type Open,
  type Opened,
  type Settings,
  type Telling,
} from '../cases/index.ts';
import { textOf, UsageError, type Options } from '../command.ts';
import { suggestNearest } from '../../lib/nearest.ts';
import { textsIn, withHandles, type Texts } from './explain-texts.ts';
import { readBytes } from './read-bytes.ts';

/** One of three ways to name an exchange. */
export type Subject =
  | { readonly kind: 'case'; readonly name: string; readonly operation: string | undefined }
  | { readonly kind: 'telling'; readonly telling: Telling }
  | { readonly kind: 'input'; readonly file: string; readonly text: string };

export interface Asked {
  /** For people: what was told, and where. */
  readonly manner: string;
  /** Null when policies were never asked. */
  readonly input: object | null;
  /** The texts that the input is about. */
  readonly parts: Texts;
  readonly opened: Opened;
  /** Null for an input, which nobody told. */
  readonly heard: Heard | null;
}

/** @throws UsageError unless exactly one is named. */
export async function readSubject(options: Options): Promise<Subject> {
  const [name, body, input] = [textOf(options, 'case'), textOf(options, 'body'), textOf(options, 'input')];
  if ([name, body, input].filter((each) => each !== undefined).length !== 1)
    throw new UsageError('name one of --case, --body and --input');
  const operation = textOf(options, 'operation');
  checkOperation(operation);
  if (name !== undefined) return { kind: 'case', name, operation };
  if (input !== undefined) return { kind: 'input', file: input, text: (await readBytes(input)).toString() };
  const bytes = await readBytes(body ?? '');
  return { kind: 'telling', telling: tellBody(bytes, operation, options['answer'] === true) };
}

function checkOperation(operation: string | undefined): void {
  if (operation !== undefined && !OPERATION_NAMES.includes(operation))
    throw new UsageError(
      `--operation ${operation} is not known${suggestNearest(operation, OPERATION_NAMES) || `; there are ${OPERATION_NAMES.join(', ')}`}`,
    );
}

const JSON_BEGINS = /^\s*\{/;

function tellBody(bytes: Buffer, operation: string | undefined, isAnswer: boolean): Telling {
  if (operation === undefined) throw new UsageError('--body needs --operation, the dialect it is written in');
  const [route] = routesOf([operation]);
  if (route === undefined) throw new UsageError(`--operation ${operation} is not known`);
  const { dialect } = route.operation;
  if (!isAnswer) return { route, manner: dialect, request: bytes, answer: null, model: '' };
  const isWhole = JSON_BEGINS.test(bytes.toString('latin1', 0, 1_024));
  return {
    route,
    manner: `${dialect}, ${isWhole ? 'whole' : 'streamed'}`,
    request: null,
    answer: isWhole ? { kind: 'whole', body: bytes } : { kind: 'stream', chunks: [bytes] },
    model: '',
  };
}

interface Court {
  readonly own: PolicySources;
  readonly open: Open;
}

type Answer<T> = Result<T, readonly PolicyIssue[]>;

const PLAIN: Settings = { config: {}, modes: {}, namespace: '' };

export async function askAbout(subject: Subject, { own, open }: Court): Promise<Answer<Asked>> {
  if (subject.kind === 'case') return askCase(subject, { own, open });
  const opened = await open(PLAIN);
  if (!opened.ok) return opened;
  if (subject.kind === 'telling') return ok(hear(subject.telling, opened.value));
  const input = parseDocument(subject.file, subject.text);
  if (!input.ok) return err([input.error]);
  if (typeof input.value !== 'object' || input.value === null || Array.isArray(input.value))
    return err([complain('explain.input', 'An input is a mapping.')]);
  return ok({
    manner: subject.file,
    input: withHandles(input.value),
    parts: textsIn(input.value),
    opened: opened.value,
    heard: null,
  });
}

const complain = (code: string, message: string): PolicyIssue => ({
  file: '',
  row: 0,
  col: 0,
  code,
  message,
});

async function askCase(
  { name, operation }: Extract<Subject, { kind: 'case' }>,
  { own, open }: Court,
): Promise<Answer<Asked>> {
  const cases = readCases(own.cases);
  if (!cases.ok) return cases;
  const found = cases.value.find((each) => each.name === name);
  const names = cases.value.map((each) => each.name);
  if (found === undefined)
    return err([complain('explain.case', `There is no case ${name}${suggestNearest(name, names)}`)]);
  const opened = await open(found);
  if (!opened.ok) return opened;
  const { tellings } = tellCase(operation === undefined ? found : { ...found, operations: [operation] });
  const [telling] = tellings;
  return telling === undefined
    ? err([complain('explain.untold', 'The dialect has no words for this case.')])
    : ok(hear(telling, opened.value));
}

/** Policies may be asked many times, of a stream while it grows, and again after edits: what counts is the reported one. */
function hear(telling: Telling, opened: Opened): Asked {
  const asked: Question[] = [];
  const heard = hearTelling(telling, listenTo(opened.snapshot, asked));
  const phase = heard.side === 'answer' ? 'response' : 'request';
  const questions = asked.filter(({ facts }) => facts.phase === phase);
  const isFirst =
    telling.answer?.kind !== 'stream' && heard.kind === 'decided' && heard.said.passing !== null;
  const reported = questions.at(isFirst ? 0 : -1);
  return {
    manner: telling.manner,
    input: reported?.input ?? null,
    parts: reported?.facts.parts ?? [],
    opened,
    heard,
  };
}

interface Question {
  readonly facts: Facts;
  readonly input: object;
}

/** The same snapshot, which notes what it is asked. */
const listenTo = (snapshot: Snapshot, asked: Question[]): Snapshot => ({
  ...snapshot,
  writeInput: (facts) => {
    const input = snapshot.writeInput(facts);
    asked.push({ facts, input });
    return input;
  },
});

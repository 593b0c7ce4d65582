// A case in; its exchange as bytes, once for every dialect and every way in which it can arrive, out.
import { framingOf, writeFrames, type Frame } from '../../gate/decode/index.ts';
import type { Dialect, Operation, Route } from '../../exchange/index.ts';
import type { Case, SaidAnswer, SaidRequest, SpokenAnswer, SpokenRequest } from './case.ts';
import { routeFor, routesOf } from './operations.ts';
import {
  rendererOf,
  wordsOfAnswer,
  wordsOfRequest,
  type Cut,
  type WireEvent,
  type Word,
} from './render/index.ts';

export interface Telling {
  readonly route: Route;
  /** For people, e.g. `openai-chat, streamed by character`. */
  readonly manner: string;
  readonly request: Buffer | null;
  readonly answer: TalkedAnswer | null;
  /** Asked for, where the answer does not say. */
  readonly model: string;
}

export type TalkedAnswer =
  | { readonly kind: 'whole'; readonly body: Buffer }
  | { readonly kind: 'stream'; readonly chunks: readonly Buffer[] };

/** `lacking`: dialects in which the case cannot be told, with the word that they have not. */
export interface Tellings {
  readonly tellings: readonly Telling[];
  readonly lacking: ReadonlyArray<{ readonly dialect: Dialect; readonly word: string }>;
}

const CUTS: Readonly<Record<string, Cut>> = {
  'streamed at once': (text) => [text].filter((piece) => piece !== ''),
  'streamed by character': (text) => Array.from(text),
  'streamed in pieces': (text) => text.match(/[^]{1,7}/gu) ?? [],
};

/** Of an event stream that is given as bytes. */
const CHUNK_BYTES: Readonly<Record<string, number>> = {
  'streamed at once': Number.MAX_SAFE_INTEGER,
  'streamed in pieces': 11,
};

export function tellCase(each: Case): Tellings {
  const routes = routesOf(each.operations);
  const found = routes.map((route) => ({ route, word: findLack(each, route.operation.dialect) }));
  return {
    tellings: found.flatMap(({ route, word }) => (word === undefined ? tellIn(each, route) : [])),
    lacking: found.flatMap(({ route, word }) =>
      word === undefined ? [] : [{ dialect: route.operation.dialect, word }],
    ),
  };
}

function findLack(each: Case, dialect: Dialect): string | undefined {
  return wordsOf(each).find((word) => rendererOf(dialect).lacks.has(word));
}

/** What it says, and what has to be said for it to come true. */
const wordsOf = ({ request, answer, streamed, expected }: Case): readonly Word[] => [
  ...(request?.kind === 'spoken' ? wordsOfRequest(request) : []),
  ...(answer?.kind === 'spoken' ? wordsOfAnswer(answer) : []),
  ...(streamed === true || answer?.kind === 'events' ? (['stream'] as const) : []),
  ...(expected.becomes?.['system'] === undefined ? [] : (['system'] as const)),
];

function tellIn({ request, answer, streamed }: Case, route: Route): readonly Telling[] {
  const { dialect } = route.operation;
  const model = request?.kind === 'spoken' ? request.model : '';
  const told = (stream: boolean): Pick<Telling, 'route' | 'model' | 'request'> => ({
    route: routeFor(route, { model, stream }),
    model,
    request: request === null ? null : writeRequest(request, dialect, stream),
  });
  if (answer === null) return [{ ...told(false), manner: dialect, answer: null }];
  const whole = streamed === true ? null : writeWhole(answer, dialect);
  const asStream = told(true);
  const isWhole = streamed === false || rendererOf(dialect).lacks.has('stream');
  const streams = isWhole ? {} : writeStreams(answer, asStream.route.operation);
  return [
    ...(whole === null ? [] : [{ ...told(false), manner: `${dialect}, whole`, answer: whole }]),
    ...Object.entries(streams).map(([manner, chunks]) => ({
      ...asStream,
      manner: `${dialect}, ${manner}`,
      answer: { kind: 'stream', chunks } as const,
    })),
  ];
}

const writeRequest = (said: SaidRequest, dialect: Dialect, stream: boolean): Buffer =>
  said.kind === 'verbatim' ? said.body : writeSpoken(said, dialect, stream);

const writeSpoken = (said: SpokenRequest, dialect: Dialect, stream: boolean): Buffer =>
  writeJson(rendererOf(dialect).request(said, stream));

function writeWhole(said: SaidAnswer, dialect: Dialect): TalkedAnswer | null {
  if (said.kind === 'events') return null;
  const body = said.kind === 'verbatim' ? said.body : writeJson(rendererOf(dialect).answer(said));
  return { kind: 'whole', body };
}

/** Manner -> what arrives at a time. */
function writeStreams(said: SaidAnswer, operation: Operation): Readonly<Record<string, readonly Buffer[]>> {
  if (said.kind === 'verbatim') return {};
  if (said.kind === 'events') {
    const bytes = writeEvents(said.events, operation);
    return mapValues(CHUNK_BYTES, (size) => splitBytes(bytes, size));
  }
  return mapValues(CUTS, (cut) => writeStream(said, operation, cut));
}

const writeEvents = (events: Buffer | readonly Frame[], operation: Operation): Buffer =>
  Buffer.isBuffer(events) ? events : Buffer.concat(writeFrames(framingOf(operation), events));

const writeStream = (said: SpokenAnswer, operation: Operation, cut: Cut): readonly Buffer[] =>
  writeFrames(framingOf(operation), rendererOf(operation.dialect).stream(said, cut).map(frameOf));

const frameOf = ({ event = '', data }: WireEvent): Frame => ({
  name: event,
  data: typeof data === 'string' ? Buffer.from(data) : writeJson(data),
});

const writeJson = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

function splitBytes(bytes: Buffer, size: number): readonly Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
  return chunks;
}

const mapValues = <From, To>(
  values: Readonly<Record<string, From>>,
  change: (value: From) => To,
): Readonly<Record<string, To>> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value)]));

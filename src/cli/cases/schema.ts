// The shape of a file of cases, in the words its author writes: every key known, and a slip answered with what was meant.
import { z } from 'zod';
import { FAILURE_MODES, type FailureCode } from '../../exchange/index.ts';
import { suggestNearest } from '../../lib/nearest.ts';
import { OPERATION_NAMES, routesOf } from './operations.ts';

/** An unknown key is a slip, never a remark. */
const keyed = <Shape extends z.core.$ZodLooseShape>(shape: Shape): z.ZodObject<Shape, z.core.$strict> =>
  z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys' ? adviseKey(issue.keys[0] ?? '', Object.keys(shape)) : undefined,
  });

const adviseKey = (key: string, known: readonly string[]): string =>
  `is not known here${suggestNearest(key, known) || `; there are ${known.join(', ')}`}`;

/** The short form of a mapping that holds only this. */
const orJust = <Inner extends z.ZodType>(key: string, inner: Inner): z.ZodPreprocess<Inner> =>
  z.preprocess((value) => (typeof value === 'string' ? { [key]: value } : value), inner);

const anything = z.record(z.string(), z.unknown());
const name = z.string().min(1);

const call = keyed({ name, arguments: anything.default({}) });

const turn = keyed({
  system: z.string().optional(),
  developer: z.string().optional(),
  user: z.string().optional(),
  assistant: z.string().optional(),
  document: z.string().optional(),
  image: z.string().optional(),
  call: call.optional(),
  result: z.string().optional(),
}).refine((value) => Object.keys(value).length === 1, 'a turn is one of its keys');

const tool = orJust(
  'name',
  keyed({ name, description: z.string().default(''), parameters: anything.default({ type: 'object' }) }),
);

/** A body is text, or YAML that is written as JSON. */
const body = z.unknown();

const isAlone = (value: object, keys: readonly string[]): boolean =>
  keys.every((key) => !Object.hasOwn(value, key)) || Object.keys(value).length === 1;

const request = orJust(
  'user',
  keyed({
    model: name.optional(),
    system: z.string().optional(),
    turns: z.array(turn).optional(),
    user: z.string().optional(),
    tools: z.array(tool).optional(),
    limits: keyed({ max_output_tokens: z.int().optional(), n: z.int().optional() }).optional(),
    extra: anything.optional(),
    body: body.optional(),
  }).refine((value) => isAlone(value, ['body']), 'a body stands alone: it says everything itself'),
);

const event = keyed({ event: z.string().optional(), data: z.unknown() });

const answer = orJust(
  'text',
  keyed({
    model: name.optional(),
    reasoning: z.string().optional(),
    text: z.string().optional(),
    refusal: z.string().optional(),
    calls: z.array(call).optional(),
    extra: anything.optional(),
    body: body.optional(),
    events: z.union([z.string(), z.array(event)]).optional(),
  }).refine(
    (value) => isAlone(value, ['body', 'events']),
    'a body or events stand alone: they say everything themselves',
  ),
);

const codes = z.array(name);

const failure = z.custom<FailureCode>(
  (value) => typeof value === 'string' && Object.hasOwn(FAILURE_MODES, value),
  'is not the code of a failure',
);

const origin = z.enum(['system', 'developer', 'user', 'assistant', 'tool', 'document', 'unknown']);

const expectation = orJust(
  'action',
  keyed({
    action: z.enum(['allow', 'flag', 'redact', 'rewrite', 'escalate', 'deny']).optional(),
    failure: failure.optional(),
    codes: codes.optional(),
    includes: codes.optional(),
    policies: codes.optional(),
    recorded: codes.optional(),
    findings: codes.optional(),
    message: z.string().optional(),
    becomes: z.union([z.string(), z.partialRecord(origin, z.string())]).optional(),
  }).refine(
    ({ action, failure: failed }) => (action === undefined) !== (failed === undefined),
    'name either the action or the failure',
  ),
);

const modes = z.record(z.string(), z.enum(['enforce', 'warn', 'audit', 'off']));

const operation = z.string().refine((value) => OPERATION_NAMES.includes(value), {
  error: ({ input }) => `is no operation${suggestNearest(String(input), OPERATION_NAMES)}`,
});

const one = keyed({
  name,
  config: anything.default({}),
  modes: modes.default({}),
  namespace: z.string().default(''),
  operation: z
    .preprocess((value) => (typeof value === 'string' ? [value] : value), z.array(operation))
    .optional(),
  streamed: z.boolean().optional(),
  request: request.optional(),
  answer: answer.optional(),
  expect: expectation,
});

/** What is given in the bytes of one dialect is of no other. */
function isTold({ operation: names = [], request: asked, answer: said }: z.output<typeof one>): boolean {
  const isVerbatim = [asked?.body, said?.body, said?.events].some((bytes) => bytes !== undefined);
  return !isVerbatim || (names.length > 0 && routesOf(names).length === 1);
}

/** Bytes arrive in one way: events as a stream, a body whole. */
const canArrive = ({ streamed, answer: said }: z.output<typeof one>): boolean =>
  !(streamed === true && said?.body !== undefined) && !(streamed === false && said?.events !== undefined);

/** What stands at the top holds for every case of the file. */
export const casesSchema = keyed({
  config: anything.default({}),
  modes: modes.default({}),
  cases: z
    .array(
      one
        .refine(
          (value) => value.request !== undefined || value.answer !== undefined,
          'a case has a request, an answer, or both',
        )
        .refine(isTold, { error: 'a body or events are of one operation: name it', path: ['operation'] })
        .refine(canArrive, { error: 'a body arrives whole, and events as a stream', path: ['streamed'] }),
    )
    .min(1),
});

export type CaseText = z.output<typeof one>;
export type TurnText = z.output<typeof turn>;
export type RequestText = z.output<typeof request>;
export type AnswerText = z.output<typeof answer>;

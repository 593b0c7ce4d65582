// A call of any of OpenAI's operations in; what it asks, or the error that it gets, out.
import type { OutgoingHttpHeaders } from 'node:http';
import { createId, parseBody, type Call, type Reply } from './reply.ts';

export const headersOf = ({ serial }: Call): OutgoingHttpHeaders => ({
  'x-request-id': createId('req_', serial),
  'openai-organization': 'weak-models',
  'openai-processing-ms': '1',
  'openai-version': '2020-10-01',
  'x-ratelimit-limit-requests': '10000',
  'x-ratelimit-remaining-requests': '9999',
  'cache-control': 'no-cache',
});

/** On Azure the path names the model. */
export function requestOf({ body, model }: Call): unknown {
  const request = parseBody(body);
  return model === null || typeof request !== 'object' ? request : { ...request, model };
}

/** Without a credential, or without these fields. */
export function faultOf(call: Call, required: readonly string[]): Reply | null {
  const { authorization, 'api-key': key } = call.headers;
  if (authorization?.startsWith('Bearer ') !== true && key === undefined)
    return refuse(call, { status: 401, message: "You didn't provide an API key." });
  const request = requestOf(call);
  if (typeof request !== 'object' || request === null)
    return refuse(call, { status: 400, message: 'We could not parse the JSON body of your request.' });
  const missing = required.find((name) => !Object.hasOwn(request, name));
  if (missing === undefined) return null;
  return refuse(call, {
    status: 400,
    message: `Missing required parameter: '${missing}'.`,
    param: missing,
  });
}

interface Fault {
  readonly status: 400 | 401;
  readonly message: string;
  readonly param?: string;
}

const refuse = (call: Call, { status, message, param }: Fault): Reply => ({
  kind: 'json',
  status,
  headers: headersOf(call),
  body: openaiError(message, param),
});

export const openaiError = (message: string, param?: string): object => ({
  error: { message, type: 'invalid_request_error', param: param ?? null, code: null },
});

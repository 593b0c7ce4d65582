// What users of each SDK see of a refusal: the tests hold it against the SDKs, and docs/refusals.md is made of it.

export interface SdkManners {
  readonly sdk: string;
  /** What it throws for a request that was refused. */
  readonly error: string;
  /** Why an answer ended that was refused: its reason, or what is thrown. */
  readonly refused: string;
  /** And one that ended by itself. */
  readonly ended: string;
  /** False where the SDK has one way only. */
  readonly whole?: false;
}

export const PYTHON_SDKS: readonly SdkManners[] = [
  { sdk: 'openai chat', error: 'openai.BadRequestError', refused: 'content_filter', ended: 'stop' },
  {
    sdk: 'openai chat helper',
    error: 'openai.BadRequestError',
    refused: 'openai.ContentFilterFinishReasonError',
    ended: 'stop',
    whole: false,
  },
  { sdk: 'openai responses', error: 'openai.BadRequestError', refused: 'content_filter', ended: 'completed' },
  { sdk: 'anthropic', error: 'anthropic.BadRequestError', refused: 'refusal', ended: 'end_turn' },
  { sdk: 'anthropic on Vertex', error: 'anthropic.BadRequestError', refused: 'refusal', ended: 'end_turn' },
  { sdk: 'google-genai', error: 'google.ClientError', refused: 'PROHIBITED_CONTENT', ended: 'STOP' },
  {
    sdk: 'google-genai on Vertex',
    error: 'google.ClientError',
    refused: 'PROHIBITED_CONTENT',
    ended: 'STOP',
  },
  {
    sdk: 'langchain-openai',
    error: 'langchain_openai.OpenAIInvalidRequestError',
    refused: 'content_filter',
    ended: 'stop',
  },
  {
    sdk: 'langchain-anthropic',
    error: 'langchain_anthropic.AnthropicInvalidRequestError',
    refused: 'refusal',
    ended: 'end_turn',
  },
  {
    sdk: 'boto3 converse',
    error: 'botocore.ValidationException',
    refused: 'guardrail_intervened',
    ended: 'end_turn',
  },
  { sdk: 'boto3 invoke', error: 'botocore.ValidationException', refused: 'refusal', ended: 'end_turn' },
  { sdk: 'anthropic on Bedrock', error: 'anthropic.BadRequestError', refused: 'refusal', ended: 'end_turn' },
  { sdk: 'mistralai', error: 'mistralai.SDKError', refused: 'content_filter', ended: 'stop' },
  { sdk: 'ollama', error: 'ollama.ResponseError', refused: 'content_filter', ended: 'stop' },
];

const OPENAI = { error: 'BadRequestError', refused: 'content_filter' };
const ANTHROPIC = { error: 'BadRequestError', refused: 'refusal', ended: 'end_turn' };
const GOOGLE = { error: 'ApiError', refused: 'PROHIBITED_CONTENT', ended: 'STOP' };
const AI = { error: 'AI_APICallError', refused: 'content-filter', ended: 'stop' };

export const NODE_SDKS: readonly SdkManners[] = [
  { sdk: 'openai chat', ...OPENAI, ended: 'stop' },
  { sdk: 'openai chat helper', ...OPENAI, ended: 'stop' },
  { sdk: 'openai chat tools', ...OPENAI, refused: 'ContentFilterFinishReasonError', ended: 'stop' },
  { sdk: 'openai responses', ...OPENAI, ended: 'completed' },
  { sdk: 'openai responses helper', ...OPENAI, ended: 'completed' },
  { sdk: '@anthropic-ai/sdk', ...ANTHROPIC },
  { sdk: '@anthropic-ai/sdk tools', ...ANTHROPIC },
  { sdk: '@google/genai', ...GOOGLE },
  { sdk: '@google/genai tools', ...GOOGLE },
  { sdk: '@google/genai on Vertex', ...GOOGLE },
  { sdk: 'ai on openai chat', ...AI },
  { sdk: 'ai on openai responses', ...AI },
  { sdk: 'ai on anthropic', ...AI },
  { sdk: 'ai on google', ...AI },
  { sdk: '@langchain/openai chat', ...OPENAI, ended: 'stop' },
  { sdk: '@langchain/openai responses', ...OPENAI, ended: 'completed' },
  { sdk: '@langchain/anthropic', ...ANTHROPIC },
  {
    sdk: '@aws-sdk/client-bedrock-runtime',
    error: 'ValidationException',
    refused: 'guardrail_intervened',
    ended: 'end_turn',
  },
  { sdk: 'ollama', error: 'ResponseError', refused: 'content_filter', ended: 'stop' },
];

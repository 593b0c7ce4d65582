// Google's SDK: Gemini on Google's host for developers and in projects, and its helper that carries out tools.
import { GoogleGenAI, type CallableTool, type GenerateContentResponse } from '@google/genai';
import { OAuth2Client } from 'google-auth-library';
import { KEY, SCHEMA, TOOL, type Heard, type HeardCall, type Question } from './question.ts';

const DECLARED = { functionDeclarations: [{ name: TOOL, parametersJsonSchema: SCHEMA }] };

const gemini = ({ base }: Question): GoogleGenAI =>
  new GoogleGenAI({ apiKey: KEY, httpOptions: { baseUrl: `${base}/gemini` } });

/** With a token that is there already: nothing is asked of Google. */
function vertex({ base }: Question): GoogleGenAI {
  const authClient = new OAuth2Client();
  authClient.setCredentials({ access_token: KEY });
  return new GoogleGenAI({
    vertexai: true,
    project: 'my-project',
    location: 'us-central1',
    googleAuthOptions: { authClient },
    httpOptions: { baseUrl: `${base}/vertex` },
  });
}

export const askGemini = (question: Question): Promise<Heard> => ask(gemini(question), question);
export const askVertex = (question: Question): Promise<Heard> => ask(vertex(question), question);

export async function askGeminiTools(question: Question): Promise<Heard> {
  const ran: HeardCall[] = [];
  const tool: CallableTool = {
    tool: async () => DECLARED,
    callTool: async (calls) =>
      calls.map(({ id, name, args }) => {
        ran.push([name ?? '', JSON.stringify(args)]);
        return { functionResponse: { id: id ?? '', name: name ?? '', response: { output: 'Done.' } } };
      }),
  };
  return { ...(await ask(gemini(question), question, tool)), ran };
}

async function ask(
  { models }: GoogleGenAI,
  { prompt, stream, tool }: Question,
  offered: CallableTool | typeof DECLARED = DECLARED,
): Promise<Heard> {
  const asked = {
    model: 'gemini-3-flash',
    contents: prompt,
    config: tool ? { tools: [offered] } : {},
  };
  const chunks: GenerateContentResponse[] = [];
  if (stream) for await (const chunk of await models.generateContentStream(asked)) chunks.push(chunk);
  else chunks.push(await models.generateContent(asked));
  const parts = chunks.flatMap(({ candidates }) => candidates?.[0]?.content?.parts ?? []);
  return {
    text: parts.map(({ text }) => text ?? '').join(''),
    finish: chunks.at(-1)?.candidates?.[0]?.finishReason ?? null,
    calls: parts.flatMap(({ functionCall }): HeardCall[] =>
      functionCall === undefined ? [] : [[functionCall.name ?? '', JSON.stringify(functionCall.args)]],
    ),
  };
}

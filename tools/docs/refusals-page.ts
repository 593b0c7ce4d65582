// What the tests found each SDK to make of a refusal in; docs/refusals.md out.
import { NODE_SDKS, PYTHON_SDKS, type SdkManners } from '../../test/support/sdks.ts';
import { writeTable } from '../../src/cli/markdown.ts';

const code = (text: string): string => `\`${text}\``;

const writeRows = (title: string, sdks: readonly SdkManners[]): string =>
  writeTable(
    [title, 'a request that is refused throws', 'an answer that is refused ends with', 'and any other'],
    sdks.map(({ sdk, error, refused, ended }) => [sdk, code(error), code(refused), code(ended)]),
  );

export const writeRefusalsPage = (): string => `# What a refusal looks like to your code

A refused request never reaches the provider: the SDK gets status 400 in the provider's own shape of an error, with the code
\`content_filter\` where that shape has codes, the message of the policy, and \`x-postern-decision\` to look the decision up. It
is not retried. When Postern itself cannot judge, the status is another (see [failure modes](adr/0002-every-failure-refuses.md))
and \`x-should-retry\` says whether trying again makes sense.

A credential that may not be used here ([keys](keys.md)) is 403 with the code \`postern_e_foreign_credential\`, which the SDKs throw as they throw
a provider's own: \`PermissionDeniedError\` of OpenAI's and Anthropic's. It is not retried.

A refused answer ends as the provider's own filter would end it, with the usage that was billed, and not as an error: code that
looks at why an answer ended needs no change. A stream that is cut is a whole stream: its blocks are closed, its last event is
there. A call of a tool that was refused is never seen, not even its beginning.

The tests ask these SDKs, whole answers and streams, over real sockets (\`make test\`; versions in test/node/package.json and
test/python/requirements.txt):

${writeRows('Node SDK', NODE_SDKS)}

${writeRows('Python SDK', PYTHON_SDKS)}

The helper of Anthropic's SDK that carries out tools leaves the conversation with the provider (\`thread\`) and names what it
goes on from: content that nobody can judge here, so its second request is refused unless \`references\` allows \`message\`.
`;

// Ways round, each with what becomes of it in each mode: the tests try them, and docs/bypass.md is made of them.
import { DOH, GATE, LLM, METADATA, PROXY, REBOUND, UIDS, WEB, type Mode } from './places.ts';

/**
 * refused: Postern answered, and the provider never knew. blocked: no connection came about. elsewhere: it went where its name leads,
 * which is not the provider. through: the provider got it, unjudged.
 */
export type Outcome = 'refused' | 'blocked' | 'elsewhere' | 'through';

export interface Attempt {
  readonly title: string;
  /** For `sh -c`, with the body in $BODY. */
  readonly command: string;
  /** Who tries it; the application, unless said. */
  readonly as?: 'sidecar' | 'root';
  readonly outcomes: Readonly<Record<Mode, Outcome>>;
  /** What closes it where nothing here does. */
  readonly closedBy?: string;
}

const PATH = '/v1/chat/completions';
const post = (url: string, options = ''): string =>
  `curl -sk -m 6 -H 'content-type: application/json' -H 'authorization: Bearer k' -d "$BODY" ${options} ${url}`;
const PLAIN = post(`https://${LLM.name}${PATH}`);
const OVER_GATE = `-p -x http://${GATE}`;
const BY_ADDRESS = post(`https://${LLM.name}${PATH}`, `--resolve ${LLM.name}:443:${LLM.ipv4}`);

const all = (outcome: Outcome): Attempt['outcomes'] => ({
  env: outcome,
  proxy: outcome,
  hosts: outcome,
  redirect: outcome,
  strict: outcome,
});

export const ATTEMPTS: readonly Attempt[] = [
  {
    title: 'An SDK as it is set up',
    command: post(`\${OPENAI_BASE_URL:-https://${LLM.name}/v1}/chat/completions`),
    outcomes: all('refused'),
  },
  {
    title: 'The environment cleared',
    command: `B="$BODY"; env -i PATH="$PATH" BODY="$B" sh -c '${PLAIN.replaceAll("'", `'\\''`)}'`,
    outcomes: { ...all('refused'), env: 'through', proxy: 'through' },
  },
  {
    title: 'Over IPv6',
    command: post(`https://${LLM.name}${PATH}`, '-6'),
    outcomes: { ...all('refused'), env: 'through', proxy: 'blocked' },
  },
  {
    title: 'To the address, by name (an own resolver)',
    command: BY_ADDRESS,
    outcomes: { env: 'through', proxy: 'refused', hosts: 'through', redirect: 'refused', strict: 'refused' },
  },
  {
    title: 'To the address over IPv6, by name',
    command: post(`https://${LLM.name}${PATH}`, `--resolve ${LLM.name}:443:[${LLM.ipv6}]`),
    outcomes: { env: 'through', proxy: 'refused', hosts: 'through', redirect: 'refused', strict: 'refused' },
  },
  {
    title: 'To the address, without a name',
    command: post(`https://${LLM.ipv4}${PATH}`, `-H 'host: ${LLM.name}'`),
    outcomes: { env: 'through', proxy: 'blocked', hosts: 'through', redirect: 'blocked', strict: 'blocked' },
  },
  {
    title: 'To the address, under another name in TLS',
    command: post(
      `https://${WEB.name}${PATH}`,
      `--resolve ${WEB.name}:443:${LLM.ipv4} -H 'host: ${LLM.name}'`,
    ),
    outcomes: {
      env: 'through',
      proxy: 'elsewhere',
      hosts: 'through',
      redirect: 'elsewhere',
      strict: 'blocked',
    },
  },
  {
    title: 'Another host in the request than in TLS',
    command: post(`https://${LLM.name}${PATH}`, `-H 'host: ${WEB.name}'`),
    outcomes: { ...all('refused'), env: 'through' },
  },
  {
    title: 'In plain HTTP',
    command: post(`http://${LLM.name}${PATH}`),
    outcomes: { env: 'through', proxy: 'refused', hosts: 'blocked', redirect: 'refused', strict: 'refused' },
  },
  {
    title: 'In HTTP/2 without TLS',
    command: post(`http://${LLM.name}${PATH}`, '--http2-prior-knowledge'),
    outcomes: { env: 'through', proxy: 'refused', hosts: 'blocked', redirect: 'blocked', strict: 'blocked' },
  },
  {
    title: 'As a WebSocket',
    command: `curl -sk -m 6 --http1.1 -H 'connection: Upgrade' -H 'upgrade: websocket' -H 'sec-websocket-version: 13' -H 'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==' https://${LLM.name}/v1/realtime?model=m`,
    outcomes: { ...all('refused'), env: 'through' },
  },
  {
    title: 'At another port',
    command: post(`https://${LLM.name}:8443${PATH}`),
    outcomes: { env: 'through', proxy: 'blocked', hosts: 'blocked', redirect: 'through', strict: 'blocked' },
    closedBy: '`strict`, or `--ports`',
  },
  {
    title: 'Over QUIC (UDP 443)',
    command: `bash -c 'echo "$BODY" > /dev/udp/${LLM.ipv4}/443'`,
    outcomes: { env: 'through', proxy: 'through', hosts: 'through', redirect: 'blocked', strict: 'blocked' },
  },
  {
    title: 'DNS over TLS',
    command: `bash -c 'echo "$BODY" > /dev/tcp/${LLM.ipv4}/853'`,
    outcomes: { env: 'through', proxy: 'through', hosts: 'through', redirect: 'blocked', strict: 'blocked' },
  },
  {
    title: 'A resolver of one’s own (UDP 53)',
    command: `bash -c 'echo "$BODY" > /dev/udp/${LLM.ipv4}/53'`,
    outcomes: { env: 'through', proxy: 'through', hosts: 'through', redirect: 'through', strict: 'blocked' },
    closedBy: '`strict`',
  },
  {
    title: 'DNS over HTTPS',
    command: post(`https://${DOH.name}/dns-query`),
    outcomes: { ...all('elsewhere'), strict: 'blocked' },
    closedBy: '`strict`; what is resolved so is dialled as above',
  },
  {
    title: 'Through another proxy',
    command: post(`https://${LLM.name}${PATH}`, `-x http://${PROXY.ipv4}:${PROXY.port}`),
    outcomes: { env: 'through', proxy: 'through', hosts: 'through', redirect: 'blocked', strict: 'blocked' },
  },
  {
    title: `A name that leads to ${METADATA}`,
    command: post(`https://${REBOUND}/latest/meta-data`),
    outcomes: { env: 'through', proxy: 'blocked', hosts: 'through', redirect: 'blocked', strict: 'blocked' },
  },
  {
    title: `To ${METADATA}, through the sidecar as a proxy`,
    command: post(`http://${METADATA}/latest/meta-data`, OVER_GATE),
    outcomes: { ...all('blocked'), proxy: 'refused' },
  },
  {
    title: 'To a name that leads there, through the sidecar as a proxy',
    command: post(`https://${REBOUND}/latest/meta-data`, OVER_GATE),
    outcomes: all('blocked'),
  },
  {
    title: 'To another host in TLS than in CONNECT',
    command: post(`https://${LLM.name}${PATH}`, `${OVER_GATE} --connect-to ${LLM.name}:443:${WEB.name}:443`),
    outcomes: all('blocked'),
  },
  {
    title: 'To another host in the request than in its absolute target',
    command: post(`http://${WEB.name}${PATH}`, `-x http://${GATE} -H 'host: ${LLM.name}'`),
    outcomes: { ...all('blocked'), proxy: 'refused' },
  },
  {
    title: 'To another port, through the sidecar as a proxy',
    command: post(`https://${WEB.name}:8443${PATH}`, OVER_GATE),
    outcomes: all('blocked'),
  },
  {
    title: 'As the sidecar’s user',
    command: BY_ADDRESS,
    as: 'sidecar',
    outcomes: { ...all('through'), proxy: 'refused' },
    closedBy: 'admission: nobody else runs as that user',
  },
  {
    title: 'As root, who becomes the sidecar’s user',
    command: `setpriv --reuid ${UIDS.sidecar} sh -c '${BY_ADDRESS.replaceAll("'", `'\\''`)}'`,
    as: 'root',
    outcomes: { ...all('through'), proxy: 'refused' },
    closedBy: 'admission: no SETUID, no root',
  },
];

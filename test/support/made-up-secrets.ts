// Values of the shapes that providers issue, made from a fixed sequence; none was ever issued by anyone.
import { crc32 } from 'node:zlib';

const DIGITS = '0123456789';
const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const BASE62 = `${DIGITS}${UPPER}${LOWER}`;
const HEX = '0123456789abcdef';
const BASE32 = `${UPPER}234567`;
const BASE64 = `${BASE62}+/`;

let state = 1;

const pick = (alphabet: string, length: number): string =>
  Array.from({ length }, () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return alphabet[(state >>> 8) % alphabet.length];
  }).join('');

const withChecksum = (prefix: string): string => {
  const body = pick(BASE62, 30);
  let check = '';
  for (let rest = crc32(body); rest > 0; rest = Math.floor(rest / 62)) check = `${BASE62[rest % 62]}${check}`;
  return `${prefix}${body}${check.padStart(6, '0')}`;
};

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const keyBlock = (kind: string): string =>
  [
    `-----BEGIN ${kind}-----`,
    pick(BASE64, 64),
    pick(BASE64, 64),
    pick(BASE64, 40),
    `-----END ${kind}-----`,
  ].join('\n');

/** Type of the finding -> text around the credential, and the credential. */
export const MADE_UP: Readonly<Record<string, readonly [before: string, secret: string]>> = {
  openai_api_key: ['key: ', `sk-proj-${pick(BASE62, 74)}T3BlbkFJ${pick(BASE62, 74)}`],
  anthropic_api_key: ['key: ', `sk-ant-api03-${pick(BASE62, 93)}AA`],
  google_api_key: ['key: ', `AIza${pick(BASE62, 35)}`],
  google_oauth_secret: ['key: ', `GOCSPX-${pick(BASE62, 28)}`],
  aws_access_key_id: ['key: ', `AKIA${pick(BASE32, 16)}`],
  aws_secret_access_key: ['aws_secret_access_key = ', pick(BASE64, 40)],
  github_token: ['key: ', withChecksum('ghp_')],
  github_fine_grained_token: ['key: ', `github_pat_${pick(BASE62, 22)}_${pick(BASE62, 59)}`],
  gitlab_token: ['key: ', `glpat-${pick(BASE62, 20)}`],
  slack_token: ['key: ', `xoxb-${pick(DIGITS, 12)}-${pick(DIGITS, 12)}-${pick(BASE62, 24)}`],
  slack_webhook: [
    'https://',
    `hooks.slack.com/services/T${pick(UPPER, 8)}/B${pick(UPPER, 8)}/${pick(BASE62, 24)}`,
  ],
  stripe_secret_key: ['key: ', `sk_live_${pick(BASE62, 24)}`],
  stripe_webhook_secret: ['key: ', `whsec_${pick(BASE62, 32)}`],
  azure_client_secret: ['key: ', `${pick(BASE62, 3)}8Q~${pick(BASE62, 34)}`],
  azure_storage_key: ['AccountKey=', `${pick(BASE64, 86)}==`],
  npm_token: ['key: ', withChecksum('npm_')],
  pypi_token: ['key: ', `pypi-AgEIcHlwaS5vcmc${pick(BASE62, 120)}`],
  huggingface_token: ['key: ', `hf_${pick(`${UPPER}${LOWER}`, 34)}`],
  jwt: [
    'Bearer ',
    `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ sub: '4711', iss: 'x' })}.${pick(BASE62, 43)}`,
  ],
  private_key: ['', keyBlock('EC PRIVATE KEY')],
  telegram_bot_token: ['key: ', `${pick('123456789', 10)}:AA${pick(BASE62, 33)}`],
  shopify_token: ['key: ', `shpat_${pick(HEX, 32)}`],
  newrelic_key: ['key: ', `NRAK-${pick(`${UPPER}${DIGITS}`, 27)}`],
  postman_key: ['key: ', `PMAK-${pick(HEX, 24)}-${pick(HEX, 34)}`],
  password: ['DB_PASSWORD=', 'Lantern-harbor_4821'],
  url_password: ['postgres://app:', 'w1nterRiver77'],
};

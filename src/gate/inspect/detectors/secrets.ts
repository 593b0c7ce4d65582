// Credentials whose issuer gave them a shape, and passwords that stand where a password stands.
import type { Detector, Shape } from '../detector.ts';
import { ASSIGNED_SHAPES } from './assigned-secrets.ts';
import { hasChecksum } from './checksum.ts';
import { isPlaceholder } from './placeholder.ts';

const shape = (type: string, anchor: string | readonly string[], expression: RegExp): Shape => ({
  code: `secret.${type}`,
  severity: 'high',
  confidence: 0.95,
  anchors: typeof anchor === 'string' ? [anchor] : anchor,
  expression,
  accepts: (matched) => !isPlaceholder(matched),
});

const checked = (found: Shape): Shape => ({
  ...found,
  confidence: 1,
  accepts: (matched) => !isPlaceholder(matched) && hasChecksum(matched),
});

const PRIVATE_KEY =
  /-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:(?:\\r)?(?:\\n)?\s{0,4}[A-Za-z-]{3,20}: [^\n]{0,120}){0,4}[A-Za-z0-9+/=\s\\]{48,8192}(?:-----END [A-Z0-9 ]{1,50}-----)?/y;

const SHAPES: readonly Shape[] = [
  shape(
    'openai_api_key',
    ['sk-proj-', 'sk-svcacct-', 'sk-admin-', 'sk-none-'],
    /(?<![A-Za-z0-9])sk-(?:proj|svcacct|admin|None)-[\w-]{36,200}/iy,
  ),
  shape('openai_api_key', 'sk-', /(?<![A-Za-z0-9])sk-[A-Za-z0-9]{40,64}(?![A-Za-z0-9])/y),
  shape('anthropic_api_key', 'sk-ant-', /(?<![A-Za-z0-9])sk-ant-[a-z]{2,10}\d{2}-[\w-]{40,120}/y),
  shape('google_api_key', 'aiza', /(?<![A-Za-z0-9])AIza[\w-]{35}(?![\w-])/y),
  shape('google_oauth_secret', 'gocspx-', /(?<![A-Za-z0-9])GOCSPX-[\w-]{28}/y),
  shape('google_oauth_token', 'ya29.', /(?<![A-Za-z0-9])ya29\.[\w-]{40,250}/y),
  shape('aws_access_key_id', ['akia', 'asia'], /(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z2-7]{16}(?![A-Za-z0-9])/y),
  checked(
    shape(
      'github_token',
      ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'],
      /(?<![A-Za-z0-9])gh[pousr]_[A-Za-z0-9]{36}(?![A-Za-z0-9])/y,
    ),
  ),
  shape(
    'github_fine_grained_token',
    'github_pat_',
    /(?<![A-Za-z0-9])github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}(?![A-Za-z0-9])/y,
  ),
  shape(
    'gitlab_token',
    ['glpat-', 'gldt-', 'glrt-', 'glcbt-', 'glptt-', 'glsoat-'],
    /(?<![A-Za-z0-9])gl(?:pat|dt|rt|cbt|ptt|soat)-[\w-]{20,64}/y,
  ),
  shape(
    'slack_token',
    ['xoxb-', 'xoxp-', 'xoxa-', 'xoxr-', 'xoxs-', 'xoxe-', 'xapp-'],
    /(?<![A-Za-z0-9])(?:xox[baprse]|xapp)-\d[A-Za-z0-9-]{20,200}/y,
  ),
  shape(
    'slack_webhook',
    'hooks.slack.com/',
    /hooks\.slack\.com\/(?:services|workflows|triggers)\/[A-Z0-9]{6,14}\/[A-Z0-9]{6,14}\/[A-Za-z0-9]{16,48}/y,
  ),
  shape(
    'stripe_secret_key',
    ['sk_live_', 'rk_live_', 'sk_test_', 'rk_test_'],
    /(?<![A-Za-z0-9])[rs]k_(?:live|test)_[A-Za-z0-9]{16,200}/y,
  ),
  shape('stripe_webhook_secret', 'whsec_', /(?<![A-Za-z0-9])whsec_[A-Za-z0-9+/]{24,64}/y),
  { ...shape('azure_client_secret', 'q~', /(?<![\w.~-])[\w.~-]{3}\dQ~[\w.~-]{31,34}/y), before: [4] },
  checked(shape('npm_token', 'npm_', /(?<![A-Za-z0-9])npm_[A-Za-z0-9]{36}(?![A-Za-z0-9])/y)),
  shape('pypi_token', 'pypi-ageic', /(?<![A-Za-z0-9])pypi-AgEIc[\w-]{50,512}/y),
  shape('huggingface_token', 'hf_', /(?<![A-Za-z0-9])hf_[A-Za-z0-9]{34}(?![A-Za-z0-9])/y),
  shape('jwt', 'eyj', /(?<![A-Za-z0-9_-])eyJ[\w-]{10,400}\.eyJ[\w-]{10,4096}(?:\.[\w-]{0,1024})?/y),
  {
    ...shape('private_key', '-----begin ', PRIVATE_KEY),
    spans: 480,
    severity: 'critical',
    accepts: (key) => !key.includes('...'),
  },
  { ...shape('telegram_bot_token', ':aa', /(?<!\d)\d{8,10}:AA[\w-]{32,34}(?![\w-])/y), before: [10, 9, 8] },
  shape(
    'shopify_token',
    ['shpat_', 'shpca_', 'shppa_', 'shpss_'],
    /(?<![A-Za-z0-9])shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}/y,
  ),
  shape(
    'newrelic_key',
    ['nrak-', 'nrii-'],
    /(?<![A-Za-z0-9])(?:NRAK-[A-Z0-9]{27}|NRII-[\w-]{32})(?![A-Za-z0-9])/y,
  ),
  shape('postman_key', 'pmak-', /(?<![A-Za-z0-9])PMAK-[a-f0-9]{24}-[a-f0-9]{34}/y),
  ...ASSIGNED_SHAPES,
];

export const secrets: Detector = { name: 'secrets', reach: 512, shapes: SHAPES };

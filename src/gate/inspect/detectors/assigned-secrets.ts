// Credentials without a shape of their own: told by the name or the place they stand beside.
import type { Shape } from '../detector.ts';
import { isPlaceholder } from './placeholder.ts';

/** `name": "value`, `name = value`, `name: value`, `--name value`. */
const ASSIGN = String.raw`(?:\\?["'\x60\]]){0,3}\s{0,4}(?:[:=]>?|:=|\|)\s{0,4}(?:\\?["'\x60]){0,2}|\s\(`;
/** "the password for staging is …", "set passwd to …". */
const TELL = String.raw`["'\x60]?(?:\s(?:for|in|of|on|at)(?:\s[\w.-]{1,24}){1,3})?\s(?:is|was|to|be)[\s:]\s{0,2}["'\x60]?`;
const NAME_TAIL = String.raw`(?:[_-]?[a-z0-9]{1,12}){0,2}`;

/** Letters with digits, or both cases with a sign that names and expressions of code do not hold. */
const isMixture = (value: string): boolean => {
  const hasLower = /[a-z]/.test(value);
  const hasUpper = /[A-Z]/.test(value);
  return /\d/.test(value) ? hasLower || hasUpper : hasLower && hasUpper && /[!#%^*?~]/.test(value);
};

const isPassword = (value: string): boolean =>
  isMixture(value) && !value.includes('://') && !isPlaceholder(value);

const isKey = (value: string): boolean => isPassword(value) && /[A-Z]/.test(value) && /[a-z]/.test(value);

const COMMON_WORDS = /^(?:pass(?:word|wd)?|pwd|secret|user|token|admin|hunter2?)$/i;

export const ASSIGNED_SHAPES: readonly Shape[] = [
  {
    code: 'secret.password',
    spans: 160,
    severity: 'high',
    confidence: 0.7,
    anchors: ['passw', 'passphrase', '_pass', 'pwd'],
    expression: new RegExp(
      String.raw`(?:passw(?:ord|d)|passphrase|_pass|pwd)(?:${NAME_TAIL}${ASSIGN}|${TELL})([^\s"'\x60,;|\\)}]{8,128}(?<![.:?!]))`,
      'iy',
    ),
    accepts: isPassword,
  },
  {
    code: 'secret.url_password',
    severity: 'high',
    confidence: 0.8,
    anchors: ['://'],
    expression: /:\/\/[^\s:/@"'<>]{0,64}:([^\s/@"'<>]{3,128})@(?=[\w.[$-])/y,
    accepts: (value) => !isPlaceholder(`${value}******`.slice(0, value.length)) && !COMMON_WORDS.test(value),
  },
  {
    code: 'secret.aws_secret_access_key',
    spans: 200,
    severity: 'critical',
    confidence: 0.9,
    anchors: ['secret'],
    expression: new RegExp(
      String.raw`secret[_ -]?(?:access)?[_ -]?(?:key)?(?:${ASSIGN}|${TELL})([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])`,
      'iy',
    ),
    accepts: isKey,
  },
  {
    code: 'secret.azure_storage_key',
    spans: 256,
    severity: 'critical',
    confidence: 0.9,
    anchors: ['account_key', 'accountkey', 'storage_key', 'storagekey', 'storage key', 'account key'],
    expression: new RegExp(
      String.raw`(?:account|storage)[_ -]?key(?:${ASSIGN}|${TELL})([A-Za-z0-9/+]{86}==)`,
      'iy',
    ),
    accepts: isKey,
  },
];

// The offset of a number's first character in; the offset behind its last, or null where the grammar is broken, out.

const PLUS = 0x2b;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const UPPER_E = 0x45;
const LOWER_E = 0x65;

export function scanNumber(text: string, start: number): number | null {
  const digits = text.charCodeAt(start) === MINUS ? start + 1 : start;
  const integer = text.charCodeAt(digits) === ZERO ? digits + 1 : skipDigits(text, digits);
  if (integer === digits) return null;
  const fraction = scanFraction(text, integer);
  return fraction === null ? null : scanExponent(text, fraction);
}

function scanFraction(text: string, at: number): number | null {
  if (text.charCodeAt(at) !== POINT) return at;
  const end = skipDigits(text, at + 1);
  return end === at + 1 ? null : end;
}

function scanExponent(text: string, at: number): number | null {
  const mark = text.charCodeAt(at);
  if (mark !== LOWER_E && mark !== UPPER_E) return at;
  const sign = text.charCodeAt(at + 1);
  const digits = sign === PLUS || sign === MINUS ? at + 2 : at + 1;
  const end = skipDigits(text, digits);
  return end === digits ? null : end;
}

function skipDigits(text: string, start: number): number {
  let at = start;
  let code = text.charCodeAt(at);
  while (code >= ZERO && code <= NINE) {
    at += 1;
    code = text.charCodeAt(at);
  }
  return at;
}

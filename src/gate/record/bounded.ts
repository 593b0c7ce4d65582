// Text from outside in; what may stand in telemetry out: printable, short, few. Names pass unchanged.

const TEXT_CHARACTERS = 128;
const LIST_ENTRIES = 32;

/** Only printable ASCII survives: a model or code may be a name, never prose in disguise or a terminal escape. */
export const boundText = (text: string): string =>
  text.slice(0, TEXT_CHARACTERS).replace(/[^\x21-\x7e]/g, '?');

export const boundList = (texts: readonly string[]): string[] =>
  texts.length === 0 ? [] : [...new Set(texts)].slice(0, LIST_ENTRIES).map(boundText);

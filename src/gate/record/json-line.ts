// A value in; one line of JSON in printable ASCII out, so that no reader and no terminal takes it for anything else.

export const renderJson = (value: unknown): string =>
  JSON.stringify(value).replace(/[^\x20-\x7e]/g, escapeCharacter);

const escapeCharacter = (character: string): string =>
  `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

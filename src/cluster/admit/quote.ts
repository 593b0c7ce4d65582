// A text that somebody else wrote in; as much of it as a message has room for, in quotes, out.

const MOST = 64;

export const quote = (text: string): string =>
  text.length <= MOST ? JSON.stringify(text) : `${JSON.stringify(text.slice(0, MOST))}…`;

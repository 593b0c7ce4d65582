// A text in, the text without white space at its ends out.
export const trim = (text: string): string => text.trim();

// Spellings of a known path that some server somewhere mends into it. Here each is another path, and that is not known.

/** Why -> the target, made of the upstream's name and the path behind it, which has two segments or more. */
export const SPELLINGS: Readonly<Record<string, (upstream: string, path: string) => string>> = {
  'a slash before the upstream': (upstream, path) => `//${upstream}${path}`,
  'a slash behind the upstream': (upstream, path) => `/${upstream}/${path}`,
  'a slash within': (upstream, path) => `/${upstream}${atLastSlash(path, '//')}`,
  'a slash at the end': (upstream, path) => `/${upstream}${path}/`,
  'two slashes at the end': (upstream, path) => `/${upstream}${path}//`,
  'a dot segment': (upstream, path) => `/${upstream}${atLastSlash(path, '/./')}`,
  'a dot segment at the end': (upstream, path) => `/${upstream}${path}/.`,
  'two dots at the end': (upstream, path) => `/${upstream}${path}/x/..`,
  'down and up': (upstream, path) => `/${upstream}${atLastSlash(path, '/x/../')}`,
  'up to another upstream': (upstream, path) => `/${upstream}/../${upstream}${path}`,
  'up from nowhere': (upstream, path) => `/../${upstream}${path}`,
  'three dots': (upstream, path) => `/${upstream}${atLastSlash(path, '/.../')}`,
  'dots with parameters': (upstream, path) => `/${upstream}${atLastSlash(path, '/x/..;/')}`,
  'an escaped dot segment': (upstream, path) => `/${upstream}${atLastSlash(path, '/%2e/')}`,
  'two escaped dots': (upstream, path) => `/${upstream}${atLastSlash(path, '/x/%2e%2e/')}`,
  'two dots, one escaped': (upstream, path) => `/${upstream}${atLastSlash(path, '/x/.%2E/')}`,
  'an escaped slash': (upstream, path) => `/${upstream}${atLastSlash(path, '%2f')}`,
  'an escaped slash in capitals': (upstream, path) => `/${upstream}${atLastSlash(path, '%2F')}`,
  'a slash escaped twice': (upstream, path) => `/${upstream}${atLastSlash(path, '%252f')}`,
  'an escaped slash behind the upstream': (upstream, path) => `/${upstream}%2f${path.slice(1)}`,
  'a backslash': (upstream, path) => `/${upstream}${atLastSlash(path, '\\')}`,
  'a slash and a backslash': (upstream, path) => `/${upstream}${atLastSlash(path, '/\\')}`,
  'a backslash behind the upstream': (upstream, path) => `/${upstream}\\${path.slice(1)}`,
  'an escaped backslash': (upstream, path) => `/${upstream}${atLastSlash(path, '%5c')}`,
  'a slash of two bytes': (upstream, path) => `/${upstream}${atLastSlash(path, '%c0%af')}`,
  'a slash of three bytes': (upstream, path) => `/${upstream}${atLastSlash(path, '%e0%80%af')}`,
  'a slash of two raw bytes': (upstream, path) => `/${upstream}${atLastSlash(path, '\xc0\xaf')}`,
  'a wide slash': (upstream, path) => `/${upstream}${atLastSlash(path, '%ef%bc%8f')}`,
  'a dot of two bytes': (upstream, path) => `/${upstream}${atLastSlash(path, '/%c0%ae/')}`,
  'a slash as UTF-16': (upstream, path) => `/${upstream}${atLastSlash(path, '%u002f')}`,
  'parameters at the end': (upstream, path) => `/${upstream}${path};x=1`,
  'parameters within': (upstream, path) => `/${upstream}${atLastSlash(path, ';x/')}`,
  'an empty segment of parameters': (upstream, path) => `/${upstream}${atLastSlash(path, '/;/')}`,
  'a fragment': (upstream, path) => `/${upstream}${path}#x`,
  'an empty fragment': (upstream, path) => `/${upstream}${path}#`,
  'an escaped fragment': (upstream, path) => `/${upstream}${path}%23`,
  'a query': (upstream, path) => `/${upstream}${path}?x=1`,
  'an empty query': (upstream, path) => `/${upstream}${path}?`,
  'a key in the query': (upstream, path) => `/${upstream}${path}?key=k`,
  'a method in the query': (upstream, path) => `/${upstream}${path}?$httpMethod=GET`,
  'one more of a query': (upstream, path) => `/${upstream}${path}&key=k`,
  'an escaped query': (upstream, path) => `/${upstream}${path}%3fx=1`,
  capitals: (upstream, path) => `/${upstream}${inFirstSegment(path, (word) => word.toUpperCase())}`,
  'capitals in the upstream': (upstream, path) => `/${upstream.toUpperCase()}${path}`,
  'an escaped letter': (upstream, path) => `/${upstream}${inFirstSegment(path, escapeFirst)}`,
  'a letter escaped twice': (upstream, path) =>
    `/${upstream}${inFirstSegment(path, (word) => escapeFirst(word).replace('%', '%25'))}`,
  'an escaped letter in the upstream': (upstream, path) => `/${escapeFirst(upstream)}${path}`,
  'an ending': (upstream, path) => `/${upstream}${inFirstSegment(path, (word) => `${word}.json`)}`,
  'a NUL': (upstream, path) => `/${upstream}${path}%00`,
  'a raw NUL': (upstream, path) => `/${upstream}${path}\0`,
  'a line': (upstream, path) => `/${upstream}${path}%0d%0ax:y`,
  'a space': (upstream, path) => `/${upstream}${path}%20`,
  'a space before': (upstream, path) => `/%20${upstream}${path}`,
  'a plus': (upstream, path) => `/${upstream}${path}+`,
  'a raw tab': (upstream, path) => `/${upstream}${path}\t`,
  'half an escape': (upstream, path) => `/${upstream}${path}%`,
  'an escape of nothing': (upstream, path) => `/${upstream}${path}%zz`,
  'an asterisk': (upstream, path) => `/${upstream}${path}*`,
  'a bracket': (upstream, path) => `/${upstream}${path}]`,
  'a quote': (upstream, path) => `/${upstream}${path}"`,
  'two segments more': (upstream, path) => `/${upstream}${path}/x/y`,
  'one segment less': (upstream, path) => `/${upstream}${path.slice(0, path.indexOf('/', 1))}`,
  'the beginning twice': (upstream, path) => `/${upstream}${path.slice(0, path.indexOf('/', 1))}${path}`,
  'no upstream': (_, path) => path,
  'an upstream with a port': (upstream, path) => `/${upstream}:443${path}`,
  'an upstream with a user': (upstream, path) => `/x@${upstream}${path}`,
  'a host of one’s own': (upstream, path) => `http://localhost/${upstream}${path}`,
  'a host of another': (upstream, path) => `//evil.example/${upstream}${path}`,
};

const atLastSlash = (path: string, text: string): string => {
  const at = path.split('?', 1)[0]!.lastIndexOf('/');
  return path.slice(0, at) + text + path.slice(at + 1);
};

const inFirstSegment = (path: string, change: (word: string) => string): string =>
  path.replace(/^\/([^/]+)/, (_, word: string) => `/${change(word)}`);

const escapeFirst = (word: string): string =>
  `%${word.charCodeAt(0).toString(16).padStart(2, '0')}${word.slice(1)}`;

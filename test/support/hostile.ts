// Policies that would keep their host busy or fill its memory, all in one module; the input's `act` says which one runs.

/** What a policy may do to its host: the rule, by the name of the input that sets it off. */
export const HOSTILE: Readonly<Record<string, string>> = {
  quadratic: 'count([1 | some x in input.many; some y in input.many; x == y])',
  cubic: 'count({[x, y, z] | some x in input.many; some y in input.many; some z in input.many})',
  exponential: `count([1 |
	some a in input.bits; some b in input.bits; some c in input.bits; some d in input.bits; some e in input.bits
	some f in input.bits; some g in input.bits; some h in input.bits; some i in input.bits; some j in input.bits
	some k in input.bits; some l in input.bits; some m in input.bits; some n in input.bits; some o in input.bits
	some p in input.bits; some q in input.bits; some r in input.bits; some s in input.bits; some t in input.bits
	some u in input.bits; some v in input.bits; some w in input.bits
	sum([a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w]) > 0
])`,
  'a long range': 'count(numbers.range(1, 100000000))',
  'a walk within a walk': 'count([1 | some a; walk(input, a); some b; walk(input, b); a == b])',
  'an array that grows': 'count([input.long | some _ in numbers.range(1, 1000000)])',
  'a text that grows': 'count(concat("", [input.long | some _ in numbers.range(1, 100000)]))',
  'an expression on a long text':
    'count([1 | some x in input.many; regex.match(`(a|aa|aaa)+$`, sprintf("%s%db", [input.long, x]))])',
  'encoding over and over':
    'count(base64.encode(base64.encode(base64.encode(concat("", [input.long | some _ in numbers.range(1, 2000)])))))',
  'splitting over and over':
    'count([1 | some x in split(input.long, ""); some y in split(input.long, ""); x == y])',
};

export const HOSTILE_INPUT = {
  many: Array.from({ length: 3000 }, (_, n) => n),
  bits: [0, 1, 2],
  long: 'a'.repeat(50_000),
};

const RULES = Object.entries(HOSTILE).map(
  ([name, expression]) => `outcome := ${expression} if input.act == "${name}"\n`,
);
export const HOSTILE_REGO = `package postern.main

result := {"n": input.n + 1} if input.n >= 0

result := {"outcome": outcome} if input.act

result := {"text": [input.long | some _ in numbers.range(1, 6)]} if input.large

${RULES.join('\n')}`;

import { describe, expect, it } from '@jest/globals';
import { renderRules, type RedirectPlan } from '../../../src/lead/index.ts';

const PLAN: RedirectPlan = {
  uid: 31_337,
  listenPort: 7413,
  ports: [443, 80],
  excluded: ['10.96.0.0/12', 'fd00:10::/108'],
  resolvers: ['10.96.0.10'],
  isStrict: false,
};

describe('rules for the kernel', () => {
  it('are one transaction that makes the same table again', () => {
    expect(renderRules(PLAN)).toMatchInlineSnapshot(`
"add table inet postern
flush table inet postern
table inet postern {
  chain divert {
    type nat hook output priority -110; policy accept;
    ip daddr 198.18.76.19 tcp dport 7491 redirect to :7413
    ip6 daddr 2001:2:0:4c13::1 tcp dport 7491 redirect to :7413
    meta skuid 31337 return
    oif lo return
    ip daddr { 10.96.0.0/12 } return
    ip6 daddr { fd00:10::/108 } return
    tcp dport { 443, 80 } redirect to :7413
  }
  chain guard {
    type filter hook output priority 0; policy accept;
    meta skuid 31337 accept
    oif lo accept
    ip daddr 127.0.0.0/8 accept
    ip6 daddr ::1 accept
    ip daddr { 10.96.0.0/12 } accept
    ip6 daddr { fd00:10::/108 } accept
    udp dport { 80, 443, 853 } reject with icmpx admin-prohibited
    tcp dport 853 reject with tcp reset
  }
}
"
`);
  });

  it('let nothing else out, where they are strict', () => {
    const rules = renderRules({ ...PLAN, isStrict: true }).split('\n');
    expect(rules.slice(-5, -3)).toEqual([
      '    meta l4proto tcp reject with tcp reset',
      '    reject with icmpx admin-prohibited',
    ]);
    expect(rules).toContain('    ip daddr { 10.96.0.10 } udp dport 53 accept');
  });

  it.each<[string, Partial<RedirectPlan>]>([
    ['root, who is everybody', { uid: 0 }],
    ['no user', { uid: Number.NaN }],
    ['no port', { ports: [] }],
    ['a port that is none', { ports: [443, 70_000] }],
    ['half a port', { listenPort: 74.13 }],
    ['a network that is another rule', { excluded: ['10.0.0.0/8 } accept; #'] }],
    ['a name instead of a network', { resolvers: ['dns.example'] }],
  ])('are not made for %s', (_, change) => {
    expect(() => renderRules({ ...PLAN, ...change })).toThrow(RangeError);
  });
});

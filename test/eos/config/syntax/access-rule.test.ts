import { expect, test } from 'vitest'
import { isAccessRule, judgeLine } from '../../../../src/eos/config/guard/judge-line.ts'
import { linesOf } from '../../../table.ts'

test.each(
  linesOf(`
  permit ip any any
  10 permit ip 10.0.0.0/8 10.1.0.0/16 log
  deny ip 10.0.0.0 0.255.255.255 any
  permit tcp any any eq ssh www https 8080
  permit tcp 10.0.0.0/8 gt 1023 host 192.0.2.1 eq bgp established
  permit udp any range 5000 6000 any neq 53
  permit icmp any any echo-reply
  permit icmp any any 3 4
  permit icmpv6 any any neighbor-advertisement
  deny 112 any any
  permit tcp any any eq 22 ttl eq 255
  permit udp any any dscp ef
  permit tcp 2001:db8::/32 host 2001:db8::1 eq 443
`),
)('a rule: %s', (line) => {
  expect(isAccessRule(line)).toBe(true)
  expect(judgeLine(['ip access-list ACL'], line)).toEqual({ kind: 'known' })
})

test.each(
  linesOf(`
  permit
  permit ip any
  premit ip any any
  permit tpc any any
  permit 256 any any
  permit ip any any eq 22
  permit tcp any any eq
  permit tcp any any eq shh
  permit tcp any any range 22
  permit tcp any any eq 1 2 3 4 5 6 7 8 9 10 11
  permit ip 10.0.0.0 any
  permit ip host any any
  permit ip 10.0.0.0/33 any
  permit tcp any any established estab
  permit udp any any ttl 5
  permit ip any any any
  remark permit ip any any
`),
)('no rule: %s', (line) => {
  expect(isAccessRule(line)).toBe(false)
})

test.each([
  ['ip access-list standard ACL', 'permit 192.0.2.0/24'],
  ['ip prefix-list PL', 'permit 10.0.0.0/8 le 24'],
])('a rule of another list is known without its number: %s, %s', (list, line) => {
  expect(judgeLine([list], line)).toEqual({ kind: 'known' })
})

test('a fault in a rule without a number is at its place', () => {
  expect(judgeLine(['ip prefix-list PL'], 'permitt 10.0.0.0/8')).toMatchObject({ token: 0, word: 'permitt' })
  expect(judgeLine(['ip prefix-list PL'], 'permit 10.0.0.0/8 lee 24')).toMatchObject({
    token: 2,
    word: 'lee',
    behind: 'permit 10.0.0.0/8',
  })
})

import { describe, expect, test } from 'vitest'
import { execVerbs } from '../../../src/eos/config/guard/guard.ts'
import { table } from '../../table.ts'

/** Ordinary configuration whose words look like a verb, an abbreviation or a pipe: TOIs, the EOS manual and rendered intents. */
const ordinary: readonly (readonly string[])[] = [
  ['hardware capacity alert table MAC threshold 90'],
  ['hardware fpga error action log'],
  ['ip multicast multipath deterministic'],
  ['ip multicast count'],
  ['sflow hardware acceleration'],
  ['sflow hardware acceleration module Linecard1'],
  ['switch forwarding-mode cut-through'],
  ['clock source ptp'],
  ['nexthop-group NG1 type gre', '   size 4', '   entry 0 tunnel-destination 10.0.0.1'],
  ['mpls rsvp', '   refresh interval 4', '   refresh method bundled'],
  ['management accounts', '   session default-limit 10'],
  ['dot1x', '   aaa unresponsive action traffic allow', '   aaa accounting update interval 60 seconds'],
  ['management ssh', '   user x', '      tunnel T'],
  ['monitor telemetry influx', '   username u password 7 131112011F5D'],
  ['vmtracer session S', '   username u'],
  ['router isis X', '   segment-routing srv6', '      locator MAIN'],
  ['match-list input string M', '   10 match regex LINK-(UP|DOWN)'],
  ['interface Ethernet1', '   vrrp 1 session description to A | B'],
  [
    'management tech-support',
    '   policy show tech-support',
    '      include command show version detail | grep TerminAttr',
    '      exclude command show x',
  ],
]

describe('ordinary configuration passes', () => {
  test.each(ordinary.map((lines) => [lines.at(-1) ?? '', lines] as const))('%s', (_, lines) => {
    expect(execVerbs(lines, 'merge')).toEqual([])
    expect(execVerbs(lines, 'replace').filter(({ act }) => act !== 'named')).toEqual([])
  })

  test.each([
    ['refresh interval 4'],
    ['locator MAIN'],
    ['session default-limit 10'],
    ['include command show version | grep x'],
    ['aaa unresponsive action traffic allow'],
    ['username u password 7 131112011F5D'],
    ['username u'],
    ['user x'],
  ])('but not where its block is another: %s', (line) => {
    expect(execVerbs(['interface Ethernet1', `   ${line}`], 'merge')).toMatchObject([{ index: 1, act: 'refused' }])
  })

  test.each(table`
    dot1x                     aaa root secret sha512 $6$x
    dot1x                     no aaa root
    dot1x                     aaa authorization exec default none
    management ssh            user eve nopassword
    management ssh            username eve nopassword
    management ssh            username eve privilege 15 role network-admin
    monitor telemetry influx  username eve nopassword
    vmtracer session S        username eve privilege 15 nopassword
  `)('and not another line that the root would take from the block: %s, %s', (header, line) => {
    expect(execVerbs([header, `   ${line}`], 'merge')).toMatchObject([{ index: 1, because: 'privileged' }])
    expect(execVerbs([header, line], 'merge')).toMatchObject([{ index: 1, because: 'privileged' }])
  })
})

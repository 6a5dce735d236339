import { describe, expect, test } from 'vitest'
import { redact } from '../../../src/eos/config/secrets/secrets.ts'
import { cleartextSecrets } from '../../../src/eos/config/secrets/secrets-in-change.ts'
import { linesOf, table } from '../../table.ts'

describe('of a host that gets traps', () => {
  test.each(table`
    snmp-server host nms1.example.net version 2c blue       snmp-server host nms1.example.net version 2c <redacted>
    snmp-server host nms1 blue                              snmp-server host nms1 <redacted>
    snmp-server host 'nms1' blue                            snmp-server host 'nms1' <redacted>
    snmp-server host nms1 vrf MGMT informs version 2c blue  snmp-server host nms1 vrf MGMT informs version 2c <redacted>
    snmp-server host nms1 versoin 2c blue                   snmp-server host nms1 versoin 2c <redacted>
    snmp-server host nms1 udp-port 162 version 2c blue      snmp-server host nms1 udp-port 162 version 2c <redacted>
    snmp-server host nms1 version 2c blue udp-port 162      snmp-server host nms1 version 2c <redacted> udp-port 162
    snmp-server host vrf MGMT nms1 version 2c blue          snmp-server host vrf MGMT nms1 version 2c <redacted>
    snmp-server host nms1 versoin 2c blue udp-port 162      snmp-server host nms1 versoin 2c <redacted> udp-port 162
    'snmp-server host nms1 versoin 2c blue': Invalid input  'snmp-server host nms1 versoin 2c <redacted>: Invalid input
    - "snmp-server host nms1 blue": refused                 - "snmp-server host nms1 <redacted> refused
  `)('[3T18] the community is hidden and no other word: %s', (line, shown) => {
    expect(redact(line)).toBe(shown)
  })

  test.each(
    linesOf(`
    snmp-server host nms1
    snmp-server host nms1 vrf MGMT
    snmp-server host nms1 version 2c
    snmp-server host nms1 informs
    'snmp-server host nms1': Invalid input (at token 2: 'nms1')
  `),
  )('nothing is hidden without one: %s', (line) => {
    expect(redact(line)).toBe(line)
  })
})

test('a community before words of another system is hidden', () => {
  expect(
    ['snmp-server host nms1 version 2c blue bgp', 'snmp-server host nms1 blue bgp traps'].map((line) => redact(line)),
  ).toEqual(['snmp-server host nms1 version 2c <redacted> <redacted>', 'snmp-server host nms1 <redacted> bgp traps'])
})

describe('of the password of a neighbor', () => {
  test.each(['foo', 'hunter2!', 'Wonderland'])('[3T18] %s is no type 7, whatever the line says', (value) => {
    expect(cleartextSecrets([`neighbor 10.0.0.1 password 7 ${value}`])).toMatchObject([{ kind: 'clear-text' }])
  })

  test.each(['AQQvKeimxJu+uGQ/yYvvNw==', '06070D221D1C5A', '$1c$G8BQN0ezkiJOX2cuAYpsEA=='])('%s is one', (value) => {
    expect(cleartextSecrets([`neighbor 10.0.0.1 password 7 ${value}`])).toEqual([])
  })
})

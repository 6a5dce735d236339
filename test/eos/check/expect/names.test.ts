import { expect, test } from 'vitest'
import { names } from '../../../../src/eos/check/expect/expectation.ts'
import type { StateChange } from '../../../../src/eos/check/finding/compare.ts'
import { linesOf } from '../../../table.ts'

const PEER: StateChange = {
  subject: '10.0.0.1',
  vrf: 'PROD',
  kind: 'changed',
  attribute: 'state',
  was: 'Established',
  is: 'Idle',
  text: 'BGP 10.0.0.1 in PROD: Established -> Idle',
}

test.each(
  linesOf(`
  10.0.0.1
  10.0.0.1 in PROD
  10.0.0.1 state
  10.0.0.1 state in PROD
  BGP 10.0.0.1 in PROD: Established -> Idle
  10.0.0.*
  10.0.?.1
  *
  * in PROD
  * state
  BGP * in PROD: * -> Idle
`),
)('%s names it', (item) => {
  expect(names(item, PEER)).toBe(true)
})

test.each(['10.0.0.10', '10.0.0', '0.0.1', '10.0.0.1 in DEV', '10.0.0.1 asn', '10.0.0.1*0', '?', '', 'bgp 10.0.0.1*'])(
  '%s does not',
  (item) => {
    expect(names(item, PEER)).toBe(false)
  },
)

test('a glob of many stars against a long text costs no more than both are long', () => {
  const text = 'a'.repeat(20_000)
  const begun = performance.now()
  expect(names(`${'*a'.repeat(90)}b`, { subject: text, kind: 'added', text })).toBe(false)
  expect(performance.now() - begun).toBeLessThan(2000)
})

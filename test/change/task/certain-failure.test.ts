import { expect, test } from 'vitest'
import type { JudgedCheck } from '../../../src/change/task/act/context.ts'
import { certainFailures } from '../../../src/change/task/act/verify-round.ts'

/** What eosflow says of a command that EOS does not know (docs/eos.md 1.4). */
const UNKNOWN: JudgedCheck = {
  check: 'bgp-peers-up',
  verdict: { status: 'error', reason: "`show ip bgp sumary` was refused: Invalid input (at token 3: 'sumary')" },
}
const OTHER: JudgedCheck = {
  check: 'vlans-present',
  verdict: { status: 'error', reason: '`show vlan` was refused: Incomplete command' },
}
const BUSY: JudgedCheck = {
  check: 'mlag-active',
  verdict: { status: 'error', reason: '`show mlag` was refused: agent is restarting' },
}
const RED: JudgedCheck = {
  check: 'reachable',
  verdict: { status: 'fail', reasons: ['expected: up, actual: Invalid input'] },
}

test.each([
  ['nothing was asked', [], []],
  ['said once', [[UNKNOWN]], []],
  ['said twice', [[UNKNOWN], [UNKNOWN]], []],
  ['said three times', [[UNKNOWN], [UNKNOWN], [UNKNOWN]], [UNKNOWN]],
  ['said in the last three rounds', [[BUSY], [UNKNOWN], [UNKNOWN, RED], [RED, UNKNOWN]], [UNKNOWN]],
  ['said in three rounds, but not in the last', [[UNKNOWN], [UNKNOWN], [UNKNOWN], [RED]], []],
  ['another one in one round', [[UNKNOWN], [OTHER], [UNKNOWN]], []],
  [
    'two of them',
    [
      [UNKNOWN, OTHER],
      [OTHER, UNKNOWN],
      [UNKNOWN, OTHER],
    ],
    [UNKNOWN, OTHER],
  ],
  ['refused for now: it may still heal', [[BUSY], [BUSY], [BUSY]], []],
  ['a check that fails: it may still heal', [[RED], [RED], [RED]], []],
])('[P20] %s', (_name, rounds, expected) => {
  expect(certainFailures(rounds)).toEqual(expected)
})

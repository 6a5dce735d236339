import { expect, test } from 'vitest'
import { invariantWarnings, wordsOf } from '../../../src/change/plan/invariants.ts'
import { compare } from '../../../src/change/plan/seal.ts'
import { redact } from '../../../src/eos/config/secrets/secrets.ts'
import { parseConfig } from '../../../src/eos/config/text/parse.ts'
import { breachesOf } from '../../../src/eos/invariant/judge.ts'
import { readInvariants } from '../../../src/eos/invariant/pattern/invariant.ts'

function invariants(...lines: readonly string[]) {
  const text = ['invariants:', '  - name: one', ...lines.map((line) => `    ${line}`), '    because: it is so'].join(
    '\n',
  )
  const read = readInvariants(text, 'invariants/a.yaml')
  if (!read.ok) throw new Error(read.problems.map(({ message }) => message).join('; '))
  return read.value.invariants
}

test('a breach shows no secret of the lines that it quotes', () => {
  const config = `hostname leaf1
router bgp 65001
   neighbor 10.0.0.1 password 7 06070D221D1C5A
username admin secret sha512 $6$aB3$0123456789abcdef
`
  const own = invariants('each: hostname *', "mustNot: ['/username **', '/router bgp * > neighbor **']")
  const words = breachesOf(own, parseConfig(config)).map((breach) => wordsOf(breach, redact))
  expect(words).toEqual([
    'hostname leaf1 has `username admin secret sha512 <redacted>`',
    'hostname leaf1 has `router bgp 65001 > neighbor 10.0.0.1 password 7 <redacted>`',
  ])
})

test('of several lines that would do one is named, and of many breaches three', () => {
  const own = invariants('each: vlan {vlan}', "must: [['name *', state active]]")
  const running = 'vlan 1\nvlan 2\nvlan 3\nvlan 4\nvlan 5\n'
  const shown = [{ device: 'leaf1', comparison: compare(running, `${running}vlan 6\n   name A\n`) }]
  const planned = { digest: 'sha256:0', of: { leaf1: own } }
  expect(invariantWarnings(planned, shown as never, (text) => text)).toEqual([
    {
      code: 'broken-invariant',
      device: 'leaf1',
      message:
        'was broken before, and stays so: `one`: vlan 1 lacks `name *` (another line would do, too); vlan 2 lacks `name *` (another line would do, too); vlan 3 lacks `name *` (another line would do, too); and 2 more',
    },
  ])
  expect(invariantWarnings({ digest: 'sha256:0', of: {} }, shown as never, (text) => text)).toEqual([])
})

test('of what a change breaks twenty are named', () => {
  const own = invariants('each: vlan {vlan}', 'must: name *')
  const vlans = Array.from({ length: 22 }, (_, index) => `vlan ${index + 2}\n`).join('')
  const shown = [{ device: 'leaf1', comparison: compare('hostname leaf1\n', `hostname leaf1\n${vlans}`) }]
  const planned = { digest: 'sha256:0', of: { leaf1: own } }
  expect(() => invariantWarnings(planned, shown as never, (text) => text)).toThrow(
    /^leaf1: breaks `one` \(it is so\): vlan 2 lacks `name \*`\n(?:.*\n){19}and 2 more$/,
  )
  const back = invariantWarnings({ ...planned, isUndo: true }, shown as never, (text) => text)
  expect(back.map(({ message }) => message.slice(0, 58))).toEqual([
    'the rollback breaks `one`: vlan 2 lacks `name *`; vlan 3 l',
  ])
})

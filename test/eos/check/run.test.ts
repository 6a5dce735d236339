import { expect, test } from 'vitest'
import { commandsOf, judgeAll } from '../../../src/eos/check/run.ts'
import { reply } from './check-table.ts'

const SPECS = [
  { name: 'vlans-present', input: { vlans: [10], interfaces: [] } },
  { name: 'mlag-healthy', input: {} },
  { name: 'reachable', input: {} },
  { name: 'vlans-present', input: { vlans: [11], interfaces: [] } },
]
const VLANS = reply({ vlans: { '10': { name: 'BLUE', status: 'active', interfaces: {} } } })

test('a round asks each command once', () => {
  expect(commandsOf(SPECS)).toEqual([
    { cmd: 'show vlan', revision: 1 },
    { cmd: 'show mlag', revision: 2 },
    { cmd: 'show mlag interfaces', revision: 1 },
  ])
  expect(commandsOf([])).toEqual([])
})

test('each check is judged by its own answers', async () => {
  const replies = [VLANS, reply({ state: 'disabled' }), reply({ interfaces: {} })]
  expect(await judgeAll(SPECS, replies, { device: 'leaf1', baseline: {} })).toEqual([
    { check: 'vlans-present', verdict: { status: 'pass', facts: ['1 active'] } },
    { check: 'mlag-healthy', verdict: { status: 'skip', reason: 'MLAG is not configured on this switch' } },
    { check: 'reachable', verdict: { status: 'pass', facts: ['answered over a new connection'] } },
    { check: 'vlans-present', verdict: { status: 'fail', reasons: ['VLAN 11 - expected: active, actual: not there'] } },
  ])
})

test('an answer that is missing is no pass', async () => {
  const judgements = await judgeAll(SPECS, [], { device: 'leaf1', baseline: {} })
  expect(judgements.map(({ verdict }) => verdict.status)).toEqual(['error', 'error', 'pass', 'error'])
})

test.each([
  ['agree', { state: 'disabled' }, { status: 'skip', reason: 'MLAG is disabled' }],
  [
    'do not agree',
    { mlagState: 'disabled' },
    {
      status: 'error',
      reason:
        '`show mlag` answered in an unknown shape at state: revision 2 of it cannot be asked for over SSH, only the first and the latest',
    },
  ],
])('the latest revision is judged where another could not be asked for, if the models %s', async (_, json, verdict) => {
  const specs = [{ name: 'VerifyMlagStatus', input: {} }]
  const replies = [{ ok: true, json, revision: 'latest' }] as const
  const [judgement] = await judgeAll(specs, replies, { device: 'leaf1', baseline: {} })
  expect(judgement?.verdict).toEqual(verdict)
})

test.each([[{ name: 'constructor', input: {} }], [{ name: 'vlans-present', input: { vlans: [] } }]])(
  '%j is no check of this version',
  (spec) => {
    expect(() => commandsOf([spec])).toThrow(`not a check of this version: ${spec.name}`)
  },
)

test('what is logged for one check is asked behind its message, and for no other', () => {
  const specs = ['VerifyLoggingLogsGeneration', 'VerifyLoggingTimestamp'].map((name) => ({ name, input: {} }))
  const asked = commandsOf([...specs, ...specs]).map(({ cmd, askedBy }) => [cmd, askedBy])
  expect(asked).toEqual([
    ['send log level informational message ANTA VerifyLoggingLogsGeneration validation', undefined],
    ['show logging informational last 30 seconds | grep ANTA', 'VerifyLoggingLogsGeneration'],
    ['send log level informational message ANTA VerifyLoggingTimestamp validation', undefined],
    ['show logging informational last 30 seconds | grep ANTA', 'VerifyLoggingTimestamp'],
  ])
})

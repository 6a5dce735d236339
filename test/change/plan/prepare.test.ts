import { describe, expect, test } from 'vitest'
import { parseInventory } from '../../../src/change/inventory/inventory.ts'
import { prepare, type TargetSelection } from '../../../src/change/plan/prepare.ts'
import { compileWorkflow } from '../../../src/change/workflow/compile.ts'
import { builtinChecks } from '../../../src/eos/check/builtin/index.ts'

const INVENTORY = JSON.stringify({
  defaults: { protocol: 'http', credentials: 'sim' },
  credentials: { sim: { username: 'admin', password: 'admin', simulated: true } },
  devices: Object.fromEntries(
    [1, 2, 3, 4].map((n) => [
      `leaf${n}`,
      { host: '127.0.0.1', port: n, tags: { site: n < 4 ? 'a' : 'b', mlag: `pair${Math.ceil(n / 2)}`, rack: 'r1' } },
    ]),
  ),
})

function prepared(rollout: string, push = '10m', checks = 'reachable', narrowing: TargetSelection = {}) {
  const files = () => undefined
  const workflow = compileWorkflow(
    `name: w
targets: site:a
change: { lines: [vlan 5] }
rollout: { ${rollout} }
steps:
  - snapshot
  - plan
  - push: { confirmWithin: ${push} }
  - verify: { within: 3m, stableFor: 30s, checks: [${checks}] }
  - confirm
`,
    'w.yaml',
    { files, checks: builtinChecks, policyPresent: false },
  )
  const inventory = parseInventory(INVENTORY, 'inventory.yaml')
  if (!workflow.ok || !inventory.ok) throw new Error(JSON.stringify([workflow, inventory]))
  return prepare({ workflow: workflow.value, given: {}, inventory: inventory.value, files, ...narrowing })
}

const problems = (rollout: string, push?: string) => {
  const found = prepared(rollout, push)
  return found.ok ? [] : found.problems.map(({ code, at }) => `${code} ${at.line}:${at.column}`)
}

describe('the rollout of a plan', () => {
  test.each([
    ['by the tag mlag', '', { redundant: { leaf1: 'pair1', leaf2: 'pair1', leaf3: 'pair2' }, together: false }],
    ['by another tag', 'keepApart: rack', { redundant: { leaf1: 'r1', leaf2: 'r1', leaf3: 'r1' }, together: false }],
    [
      'not at all',
      'keepApart: none',
      { redundant: { leaf1: 'pair1', leaf2: 'pair1', leaf3: 'pair2' }, together: true },
    ],
  ])('keeps switches apart %s', (_, rollout, expected) => {
    const found = prepared(rollout)
    expect(found.ok && found.value.rollout).toMatchObject(expected as object)
  })

  test('names canaries by a selector of those that are selected, in the order of the inventory', () => {
    const found = prepared('canary: { switches: leaf3 or leaf2 or leaf4, soak: 1m }')
    expect(found.ok && found.value.rollout.canary).toEqual({ switches: ['leaf2', 'leaf3'], soak: 60 })
  })

  test.each([
    ['a canary that is not selected', 'canary: { switches: leaf4 }', undefined, ['nothing-selected 4:32']],
    ['a tag that no switch has', 'keepApart: row', undefined, ['unknown-tag 4:23']],
    ['more canaries than switches', 'canary: { switches: 4 }', undefined, ['too-many-canaries 4:32']],
    ['not as many canaries as switches', 'canary: { switches: 3 }', undefined, []],
    ['a canary that does not exist', 'canary: { switches: leaf9 }', undefined, ['unknown-target 4:32']],
    ['waves that a commit timer does not outlive', 'waves: [1]', '9m', ['timer-too-short 8:28']],
    ['not waves that are confirmed each', 'waves: [1], atomic: wave', '9m', []],
    ['a pair that takes two waves', '', '6m', ['timer-too-short 8:28']],
    ['not a pair that may share one', 'keepApart: none', '6m', []],
    [
      'a soak that a commit timer does not outlive',
      'canary: { switches: 1, soak: 5m }, atomic: device',
      '8m',
      ['timer-too-short 8:28'],
    ],
    ['not one that it does', 'canary: { switches: 1, soak: 5m }, atomic: device', '8m3s', []],
  ])('refuses %s', (_, rollout, push, expected) => {
    expect(problems(rollout, push)).toEqual(expected)
  })
})

describe('the checks of a plan', () => {
  const rule = (match: string) => `VerifyRunningConfig: { rules: [{ entries: [{ match: '${match}' }] }] }`
  const snmp = (more: string) =>
    `VerifySnmpNotificationHost: { notification_hosts: [{ hostname: 192.0.2.1, ${more} }] }`

  test.each([
    ['a community', snmp('version: v2c, community_string: c1')],
    ['a hash', rule('username carol secret sha512 $6$abcdefgh$ijklmnop')],
  ])('keep no secret: %s is refused', (_, check) => {
    const found = prepared('', '10m', check)
    expect(found.ok ? [] : found.problems).toMatchObject([
      { code: 'secret-in-check', at: { line: 9 }, hint: 'verify it with a catalog instead: eosflow check run' },
    ])
  })

  test.each([
    ['a user', snmp('version: v3, user: nms')],
    ['a line', rule('ip routing')],
    ['the form of a secret', rule('username carol secret sha512')],
  ])('keep what they compare with: %s', (_, check) => {
    expect(prepared('', '10m', check).ok).toBe(true)
  })
})

describe('a set of switches by their names', () => {
  const named = (...switches: readonly string[]) => {
    const found = prepared('', '10m', 'reachable', { switches })
    return found.ok ? found.value.devices.map(({ name }) => name) : found.problems.map(({ message }) => message)
  }

  test('is every one of them and no other, in the order of the inventory', () => {
    expect(named('leaf3', 'leaf1')).toEqual(['leaf1', 'leaf3'])
  })

  test.each([
    ['has left the inventory', ['leaf1', 'leaf9'], ['there is no switch `leaf9` in inventory.yaml']],
    ['is no longer selected', ['leaf1', 'leaf4'], ['the workflow no longer selects the switch `leaf4`']],
    ['only looks like a glob', ['leaf*'], ['there is no switch `leaf*` in inventory.yaml']],
    [
      'is one of several that are gone',
      ['leaf8', 'leaf4'],
      ['there is no switch `leaf8` in inventory.yaml', 'the workflow no longer selects the switch `leaf4`'],
    ],
  ])('is refused where one %s', (_, switches, expected) => {
    expect(named(...switches)).toEqual(expected)
  })
})

describe('a commit timer for many switches', () => {
  const many = (count: number, text: string) => {
    const workflow = compileWorkflow(text, 'w.yaml', {
      files: () => undefined,
      checks: builtinChecks,
      policyPresent: false,
    })
    const devices = Object.fromEntries(
      Array.from({ length: count }, (_, n) => [`leaf${n}`, { host: '127.0.0.1', port: n + 1, tags: {} }]),
    )
    const inventory = parseInventory(JSON.stringify({ ...JSON.parse(INVENTORY), devices }), 'inventory.yaml')
    if (!workflow.ok || !inventory.ok) throw new Error(JSON.stringify([workflow, inventory]))
    const found = prepare({ workflow: workflow.value, given: {}, inventory: inventory.value, files: () => undefined })
    return found.ok ? [] : found.problems.map(({ message, hint }) => [message, hint])
  }
  const text = (rollout: string, push: string, verify: string) => `name: w
targets: leaf*
change: { lines: [vlan 5] }
rollout: { ${rollout} }
steps:
  - snapshot
  - plan
  - push${push}
  - verify: { ${verify}checks: [reachable] }
  - confirm
`

  test('[N7] 90 s are refused for 1,000 of them before anything is contacted', { tags: 'long' }, () => {
    expect(many(1000, text('concurrency: 100', ': { confirmWithin: 90s }', 'within: 1s, stableFor: 0s, '))).toEqual([
      [
        'the commit timer of 1m30s cannot hold: 10s of verification in 1 wave + 1m2s to push and confirm 1000 switches + 30s in reserve is 1m42s',
        'set `confirmWithin` above 1m42s, or `concurrency: 200` with `confirmWithin` above 1m31s, or `atomic: wave` with `waves: [800]`, or a shorter `within`',
      ],
    ])
  })

  test('50 of them, five at a time, need no longer timer than before', () => {
    expect(many(50, text('concurrency: 5', ': { confirmWithin: 86s }', 'within: 4s, stableFor: 0s, '))).toEqual([])
  })
})

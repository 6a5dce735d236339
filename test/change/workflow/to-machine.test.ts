import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { compileWorkflow } from '../../../src/change/workflow/compile.ts'
import type { StateMachine } from '../../../src/change/workflow/machine/machine.ts'
import { problemsOf } from '../../../src/text/source/located.ts'

const CHECKS = [{ name: 'reachable', input: z.strictObject({}) }]

const text = (rollout: string, { verify = 'checks: [reachable]', wait = '' } = {}) => `name: w
targets: all
change: { lines: [vlan 5] }
rollout: { ${rollout} }
steps:
  - snapshot
  - plan
  - push
  - verify: { ${verify} }
${wait}  - confirm
`

const compile = (content: string) =>
  compileWorkflow(content, 'w.yaml', { files: () => undefined, checks: CHECKS, policyPresent: false })

function machineOf(content: string) {
  const compiled = compile(content)
  if (!compiled.ok) throw new Error(compiled.problems.map(({ message }) => message).join('\n'))
  return compiled.value.machine
}

/** The states from the push to the end, Maps with what is in them; `!` stands behind a Map whose iterations settle. */
function outline(machine: StateMachine) {
  const names: unknown[] = []
  for (let name: string | undefined = machine.startAt; name !== undefined; ) {
    const state: StateMachine['states'][string] | undefined = machine.states[name]
    if (state === undefined) throw new Error(`no state ${name}`)
    names.push(
      state.kind === 'Map' ? { [`${name}${state.settles === true ? '!' : ''}`]: outline(state.iterator) } : name,
    )
    name = 'next' in state ? state.next : undefined
  }
  return names
}

const behindPlan = (content: string) => outline(machineOf(content)).slice(2)

describe('what is confirmed together', () => {
  test.each([
    [
      'all switches',
      'atomic: change',
      [
        'CheckBase',
        { RollOutWaves: [{ RollOutWave: ['Push', 'Verify'] }] },
        'CheckReady',
        { ConfirmAll: ['Confirm'] },
        { SaveAll: ['Save'] },
      ],
    ],
    [
      'a wave',
      'atomic: wave',
      [
        'CheckBase',
        {
          'RollOutWaves!': [
            { RollOutWave: ['Push', 'Verify'] },
            'CheckReady',
            { ConfirmWave: ['Confirm'] },
            { SaveWave: ['Save'] },
          ],
        },
      ],
    ],
    [
      'a switch by itself, which was looked at in its last round',
      'atomic: device',
      ['CheckBase', { RollOutWaves: [{ 'RollOutWave!': ['Push', 'Verify', 'Confirm', 'Save'] }] }],
    ],
  ])('%s', (_, rollout, expected) => {
    expect(behindPlan(text(rollout))).toEqual([...expected, 'Done'])
  })

  test.each([
    [
      'atomic: wave',
      [{ RollOutWave: ['Push', 'Verify'] }, 'Wait', 'CheckReady', { ConfirmWave: ['Confirm'] }, { SaveWave: ['Save'] }],
    ],
    ['atomic: device', [{ 'RollOutWave!': ['Push', 'Verify', 'Wait', 'CheckReady', 'Confirm', 'Save'] }]],
  ])('%s: a wait before the confirm is that of the unit, and it is looked at again behind it', (rollout, waves) => {
    const machine = machineOf(text(rollout, { wait: '  - wait: 1m\n' }))
    expect(Object.values(outline(machine)[3] as object)).toEqual([waves])
    expect(JSON.stringify(machine)).toContain('"arguments":{"always":true}')
  })

  test('a wait behind the confirm is nobody’s soak', () => {
    const content = text('atomic: wave').replace('  - confirm\n', '  - confirm\n  - wait: 1m\n')
    expect(outline(machineOf(content)).slice(-2)).toEqual(['Wait', 'Done'])
  })
})

describe('failures that are tolerated', () => {
  const tolerance = (rollout: string) => {
    const waves = machineOf(text(rollout)).states.RollOutWaves
    const wave = waves?.kind === 'Map' ? waves.iterator.states.RollOutWave : undefined
    return wave?.kind === 'Map' ? wave.toleratedFailureCount : 'no such state'
  }

  test.each([
    ['maxFailures: 0', undefined],
    ['maxFailures: 3', { from: 'budget', failures: 3 }],
    ["atomic: wave, maxFailures: '5%'", { from: 'budget', failures: '5%' }],
    ['atomic: device, maxFailures: 2', { from: 'budget', failures: 2 }],
  ])('%s', (rollout, expected) => {
    expect(tolerance(rollout)).toEqual(expected)
  })

  test('those of all switches are not tolerated, nor are less than none', () => {
    for (const wrong of ["'100%'", "'0%'", '-1', "'5'", '1.5']) {
      expect(problemsOf(compile(text(`maxFailures: ${wrong}`))).map(({ at }) => at.line)).toEqual([4])
    }
  })
})

describe('how long a verification may take', () => {
  const given = (rollout: string, verify: string) => {
    const machine = JSON.stringify(machineOf(text(rollout, { verify })))
    return JSON.parse(/"arguments":(\{[^{}]*"every":\d+\})/.exec(machine)?.[1] ?? 'null')
  }

  test.each([
    ['is in the state', 'atomic: change', 'within: 4m, stableFor: 40s', { within: 240, stableFor: 40, every: 5 }],
    ['is left to the plan', 'atomic: change', 'every: 7s', { every: 7 }],
    ['is left to the plan in part', 'atomic: change', 'within: 4m', { within: 240, every: 5 }],
    [
      'is the plan’s where canaries are watched longer',
      'canary: { switches: 1 }',
      'within: 4m, stableFor: 40s',
      { every: 5 },
    ],
  ])('%s', (_, rollout, verify, expected) => {
    expect(given(rollout, `${verify}, checks: [reachable]`)).toEqual(expected)
  })
})

test('a machine that is written as states has its shape already', () => {
  const content = `name: w
targets: all
change: { lines: [vlan 5] }
rollout: { atomic: wave, maxFailures: 1, canary: { switches: 1 }, waves: [1] }
startAt: End
states:
  End: { Type: Succeed }
`
  const found = problemsOf(compile(content)).filter(({ code }) => code === 'rollout-of-steps')
  expect(found.map(({ at }) => at.column)).toEqual([12, 26, 42])
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { compileWorkflow } from '../../../src/change/workflow/compile.ts'
import type { Flow, StateMachine, TaskState } from '../../../src/change/workflow/machine/machine.ts'
import { timerProblem } from '../../../src/change/workflow/timers.ts'
import { canonicalJson } from '../../../src/model/digest.ts'
import type { Json } from '../../../src/model/json.ts'
import { formatDuration, parseDuration } from '../../../src/text/source/duration.ts'
import { problemsOf } from '../../../src/text/source/located.ts'
import { asJson } from '../../lab/part-of.ts'
import { linesOf } from '../../table.ts'

const CONTEXT = {
  files: (path: string) => (path === 'templates/vlan.j2' ? 'vlan {{ vlan }}\n' : undefined),
  checks: [{ name: 'bgp-established', input: z.strictObject({ vrf: z.string().optional() }) }],
  policyPresent: true,
}

/** A whole workflow, with a soak before the confirm. */
const TEXT = `name: add-vlan
params:
  vlan:  { type: integer, minimum: 2, maximum: 4094 }
  label: { type: string, pattern: '^[A-Z0-9-]{1,32}$' }
targets: role:leaf
change: { mode: merge, template: ../templates/vlan.j2 }
rollout: { waves: [1, 50%, 100%], keepApart: mlag, atomic: change, maxFailures: 0 }
steps:
  - snapshot: { state: [interfaces, bgp, lldp, mlag, vlan] }
  - plan
  - approve:  { from: [net-leads], count: 1, notRequester: true, expires: 4h }
  - push:     { confirmWithin: 10m }
  - verify:
      within: 3m
      stableFor: 30s
      checks: [ { bgp-established: { vrf: PROD } } ]
  - wait: 1m
  - confirm
onFailure: rollback
`

const compile = (text: string, context: Partial<typeof CONTEXT> = {}) =>
  compileWorkflow(text, 'workflows/add-vlan.yaml', { ...CONTEXT, ...context })

const problems = (from: string, to: string, context: Partial<typeof CONTEXT> = {}) => {
  if (!TEXT.includes(from)) throw new Error(`no ${from}`)
  return problemsOf(compile(TEXT.replace(from, to), context)).map(({ code, at }) => `${code} ${at.line}:${at.column}`)
}

/** A machine as the names of its states, in order, with the machines inside its Maps. */
const outline = (machine: StateMachine): unknown[] => {
  const names: unknown[] = []
  for (let name: string | undefined = machine.startAt; name !== undefined; ) {
    const state: StateMachine['states'][string] | undefined = machine.states[name]
    if (state === undefined) throw new Error(`no state ${name}`)
    names.push(state.kind === 'Map' ? { [name]: outline(state.iterator) } : name)
    name = 'next' in state ? state.next : undefined
  }
  expect(names).toHaveLength(Object.keys(machine.states).length)
  return names
}

const tasksOf = ({ states }: StateMachine): TaskState[] =>
  Object.values(states).flatMap((state) =>
    state.kind === 'Map' ? tasksOf(state.iterator) : state.kind === 'Task' ? [state] : [],
  )

const argumentsOf = (flow: Flow): Json | undefined => (flow.language === 'jsonata' ? flow.arguments : undefined)

const literal = (value: number) => ({ from: 'literal', value })

describe('compileWorkflow', () => {
  test('compiles a whole workflow', () => {
    const compiled = compile(TEXT)
    if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems))
    const workflow = compiled.value
    expect(workflow).toMatchObject({
      name: 'add-vlan',
      targets: { expression: 'role:leaf', at: { line: 5, column: 10 } },
      change: { mode: 'merge', source: { from: 'template', path: '../templates/vlan.j2' } },
      rollout: { waves: [1, '50%', '100%'], keepApart: 'mlag', atomic: 'change', maxFailures: 0, concurrency: 10 },
      state: ['interfaces', 'bgp', 'lldp', 'mlag', 'vlan'],
      approve: { from: ['net-leads'], count: 1, notRequester: true, expires: 14_400 },
      checks: [{ name: 'bgp-established', input: { vrf: 'PROD' } }],
      timers: {
        confirmWithin: 600,
        verifyWithin: 180,
        stableFor: 30,
        every: 5,
        perRound: 180,
        perWave: 0,
        soak: 60,
        derived: { within: false, stableFor: false },
      },
      onFailure: 'rollback',
      allow: [],
    })
    expect(outline(workflow.machine)).toEqual([
      'Snapshot',
      'Plan',
      'Approve',
      'CheckBase',
      { RollOutWaves: [{ RollOutWave: ['Push', 'Verify'] }] },
      'Wait',
      'CheckReady',
      { ConfirmAll: ['Confirm'] },
      { SaveAll: ['Save'] },
      'Done',
    ])
    expect(workflow.machine.states.RollOutWaves).toMatchObject({ items: { from: 'waves' }, maxConcurrency: literal(1) })
    expect(workflow.machine.states.ConfirmAll).toMatchObject({
      items: { from: 'targets' },
      maxConcurrency: literal(10),
    })
    expect(workflow.machine.states.Wait).toEqual({
      kind: 'Wait',
      name: 'Wait',
      at: { file: 'workflows/add-vlan.yaml', line: 17, column: 5 },
      flow: { language: 'jsonata' },
      seconds: literal(60),
      next: 'CheckReady',
    })
  })

  test('every task says what it is given, what it does, and how that is undone', () => {
    const compiled = compile(TEXT)
    const machine = compiled.ok ? compiled.value.machine : undefined
    const tasks = machine === undefined ? [] : tasksOf(machine)
    expect(tasks.map(({ name, task, effect, undo, flow }) => [name, task, effect, undo.by, argumentsOf(flow)])).toEqual(
      [
        ['Snapshot', 'snapshot', 'read', 'none', { state: ['interfaces', 'bgp', 'lldp', 'mlag', 'vlan'] }],
        ['Plan', 'plan', 'write', 'none', {}],
        ['Approve', 'approve', 'read', 'none', { expires: 14_400 }],
        ['CheckBase', 'recheck', 'read', 'none', {}],
        ['Push', 'push', 'write', 'rollback', {}],
        ['Verify', 'verify', 'read', 'none', { within: 180, stableFor: 30, every: 5 }],
        ['CheckReady', 'ready', 'read', 'none', { always: true }],
        ['Confirm', 'confirm', 'write', 'rollback', {}],
        ['Save', 'save', 'write', 'rollback', {}],
      ],
    )
    expect(tasks.every(({ token, retry, catch: caught }) => !token && retry.length + caught.length === 0)).toBe(true)
  })

  test('the machine is plain data', () => {
    const compiled = compile(TEXT)
    const machine = compiled.ok ? asJson(compiled.value.machine) : null
    expect(JSON.parse(canonicalJson(machine))).toEqual(machine)
  })

  test('waits are where they are written', () => {
    const compiled = compile(
      TEXT.replace('  - plan\n', '  - plan\n  - wait: 5s\n').replace('  - confirm\n', '  - confirm\n  - wait: 5s\n'),
    )
    expect(compiled.ok && outline(compiled.value.machine)).toEqual([
      'Snapshot',
      'Plan',
      'Wait',
      'Approve',
      'CheckBase',
      { RollOutWaves: [{ RollOutWave: ['Push', 'Verify'] }] },
      'Wait2',
      'CheckReady',
      { ConfirmAll: ['Confirm'] },
      { SaveAll: ['Save'] },
      'Wait3',
      'Done',
    ])
  })

  test.each([
    ['a missing step', '  - plan\n', '', 'missing-step 8:1'],
    ['a step twice', '  - plan\n', '  - plan\n  - plan\n', 'repeated-step 11:5'],
    ['confirm before verify', '  - wait: 1m\n  - confirm', '  - wait: 1m', 'missing-step 8:1'],
    ['a wait under the running timer', '  - verify:', '  - wait: 5s\n  - verify:', 'step-order 13:5'],
    ['an unknown step and an unknown check at once', '  - plan\n', '  - plna\n', 'unknown-step 10:5'],
    ['two steps in one item', '  - plan\n', '  - { plan: {}, wait: 5s }\n', 'bad-step 10:5'],
    ['a step that is a number', '  - plan\n', '  - 7\n', 'bad-step 10:5'],
    ['a step of a later version', '  - plan\n', '  - plan\n  - notify: x\n', 'not-built-yet 11:5'],
    ['an input of a later version', '      within: 3m', '      catalog: x\n      within: 3m', 'not-built-yet 14:7'],
    ['input where there is none', '  - plan\n', '  - plan: { fast: true }\n', 'unknown-key 10:13'],
    ['an unknown unit', 'atomic: change', 'atomic: rack', 'invalid-value 7:60'],
    ['failures of all', 'maxFailures: 0', 'maxFailures: 100%', 'invalid-value 7:81'],
    ['an order of a later version', 'maxFailures: 0', 'order: [leaf1]', 'not-built-yet 7:68'],
    ['a timer shorter than verification', 'confirmWithin: 10m', 'confirmWithin: 270s', 'timer-too-short 12:32'],
    ['stable for longer than there is time', 'stableFor: 30s', 'stableFor: 4m', 'verify-never-ends 15:18'],
    ['a check input of the wrong type', 'vrf: PROD', 'vrf: [PROD]', 'wrong-type 16:43'],
    ['a check that does not exist', 'bgp-established', 'bpg-established', 'unknown-check 16:19'],
    ['a default out of bounds', 'maximum: 4094 }', 'maximum: 4094, default: 1 }', 'bad-parameter 3:63'],
    ['a pattern that is none', '[A-Z0-9-]{1,32}$', '[A-Z', 'bad-pattern 4:36'],
    ['a parameter with a name of the template language', '  label:', '  device:', 'invalid-key 4:3'],
    ['a secret parameter', 'type: integer,', 'type: integer, secret: true,', 'not-built-yet 3:27'],
    [
      'replace with lines',
      'mode: merge, template: ../templates/vlan.j2',
      'mode: replace, lines: [hostname x]',
      'replace-with-lines 6:26',
    ],
    [
      'a glob of lines that stay and of none',
      'mode: merge, template: ../templates/vlan.j2',
      "mode: replace, file: x.cfg, keep: ['vlan 1', 'vlan 1 >  name A']",
      'bad-keep 6:66',
    ],
    [
      'lines that stay in a merge',
      'mode: merge, template: ../templates/vlan.j2',
      "mode: merge, template: ../templates/vlan.j2, keep: ['vlan 1']",
      'keep-in-merge 6:56',
    ],
    ['no source of change', ', template: ../templates/vlan.j2', '', 'change-source 6:1'],
    ['a template without end', 'template: ../templates/vlan.j2', "lines: ['vlan {{ vlan']", 'template-syntax 6:41'],
    ['an absolute template', '../templates/vlan.j2', '/etc/passwd', 'outside-project 6:34'],
    ['a sibling of the project', '../templates/vlan.j2', '../../other/x.j2', 'outside-project 6:34'],
    [
      'faults in several sections at once',
      'name: add-vlan',
      'name: add vlan\nsteps_: 1',
      `
          invalid-value 1:7
          unknown-key 2:1
        `,
    ],
  ])('[G98] refuses %s', (_, from, to, expected) => {
    expect(problems(from, to)).toEqual(linesOf(expected))
  })

  test('faults of the shape, the steps and the checks are named together', () => {
    const text = TEXT.replace('onFailure: rollback', 'onFailure: explode')
      .replace('- plan\n', '- plna\n')
      .replace('bgp-established', 'x')
    expect(problemsOf(compile(text)).map(({ code }) => code)).toEqual([
      'unknown-step',
      'unknown-check',
      'invalid-value',
    ])
  })

  test('a workflow outside the project reaches only what lies beside it', () => {
    const seen: string[] = []
    const files = (path: string): undefined => void seen.push(path)
    for (const file of ['/elsewhere/w.yaml', '../elsewhere/w.yaml']) {
      for (const named of ['../../etc/passwd', '../x.j2', '..', 't.j2']) {
        compileWorkflow(TEXT.replace('../templates/vlan.j2', named), file, { ...CONTEXT, files })
      }
    }
    expect(seen).toEqual(['/elsewhere/t.j2', 't.j2', '../elsewhere/t.j2', 't.j2'])
  })

  test('what only a policy can keep is never weakened', () => {
    expect(problems('name: add-vlan', 'name: add-vlan', { policyPresent: false })).toEqual([
      'approval-without-policy 11:17',
      'approval-without-policy 11:46',
    ])
    expect(problems('from: [net-leads], count: 1, notRequester: true', 'count: 2', { policyPresent: false })).toEqual([
      'approval-without-policy 11:17',
    ])
    expect(problems('from: [net-leads], count: 1, notRequester: true, ', '', { policyPresent: false })).toEqual([])
  })
})

const timed = (timers: { confirmWithin: number; verifyWithin: number; stableFor: number; perWave: number }) => ({
  timers: { ...timers, every: 5, perRound: timers.verifyWithin, soak: 0, derived: { within: false, stableFor: false } },
  timerAt: { file: 'w', line: 1, column: 1 },
  rollout: { waves: [1], pairs: 'apart', atomic: 'change', maxFailures: 0, concurrency: 2 } as const,
  form: 'steps' as const,
  machine: { version: 3, startAt: '', states: {} } as const,
})

describe('timerProblem', () => {
  const workflow = timed({ confirmWithin: 600, verifyWithin: 180, stableFor: 30, perWave: 0 })

  test.each([
    ['three waves: 9m + 30s', [['a'], ['b'], ['c']], true],
    ['four waves: 12m + 30s', [['a'], ['b'], ['c'], ['d']], false],
    ['one wave of six, two at a time: three rounds', [['a', 'b', 'c', 'd', 'e', 'f']], true],
    ['one wave of seven, two at a time: four rounds', [['a', 'b', 'c', 'd', 'e', 'f', 'g']], false],
  ])('%s', (_, waves, holds) => {
    expect(timerProblem(workflow, waves) === undefined).toBe(holds)
  })

  test('a soak counts, and the message says the sum', () => {
    const soaked = { ...workflow, timers: { ...workflow.timers, soak: 60 } }
    expect(timerProblem(soaked, [['a'], ['b'], ['c']])?.message).toBe(
      'the commit timer of 10m cannot hold: 9m of verification in 3 waves + 1m of waiting + 4s to push and confirm 3 switches + 30s in reserve is 10m34s',
    )
  })
})

test('what is waited once per wave counts once per wave', () => {
  const workflow = timed({ confirmWithin: 300, verifyWithin: 60, stableFor: 0, perWave: 30 })
  expect(timerProblem(workflow, [['a'], ['b']])).toBeUndefined()
  expect(timerProblem(workflow, [['a'], ['b'], ['c']])?.message).toBe(
    'the commit timer of 5m cannot hold: 3m of verification in 3 waves + 1m30s of waiting + 4s to push and confirm 3 switches + 30s in reserve is 5m4s',
  )
})

describe('durations', () => {
  test.each([
    ['30s', 30],
    ['10m', 600],
    ['4h', 14_400],
    ['1h30m', 5400],
    ['2d', 172_800],
    ['30', undefined],
    ['m', undefined],
    ['-5s', undefined],
    ['1.5h', undefined],
    ['', undefined],
  ])('%j', (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds)
  })

  test('seconds read back from their text', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 359_999 }), (seconds) => {
        expect(parseDuration(formatDuration(seconds))).toBe(seconds)
      }),
    )
  })
})

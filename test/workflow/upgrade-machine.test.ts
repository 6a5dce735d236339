import { describe, expect, test } from 'vitest'
import type { Json } from '../../src/model/json.ts'
import { upgradeMachine } from '../../src/workflow/upgrade-machine.ts'

const at = { file: 'workflows/add-vlan.yaml', line: 1, column: 1 }
const flow = { language: 'jsonata' }

/** A machine as eosflow 0.2 journalled it: one state of every kind that there was. */
const VERSION_1: Json = {
  version: 1,
  startAt: 'Plan',
  states: {
    Plan: { kind: 'Task', name: 'Plan', at, task: 'plan', input: {}, scope: 'task.plan', next: 'RollOut' },
    RollOut: {
      kind: 'Map',
      name: 'RollOut',
      at,
      items: { from: 'targets' },
      maxConcurrency: 10,
      next: 'Wait',
      iterator: {
        version: 1,
        startAt: 'Push',
        states: {
          Push: { kind: 'Task', name: 'Push', at, task: 'push', input: {}, scope: 'task.push', next: 'Verify' },
          Verify: { kind: 'Task', name: 'Verify', at, task: 'verify', input: { within: 180 }, scope: 'task.verify' },
        },
      },
    },
    Wait: { kind: 'Wait', name: 'Wait', at, seconds: 60, next: 'Done' },
    Done: { kind: 'Succeed', name: 'Done', at },
    Broken: { kind: 'Fail', name: 'Broken', at, error: 'E', cause: 'because' },
  },
}

const handling = { retry: [], catch: [] }

describe('upgradeMachine', () => {
  test('says in the present version what version 1 said', () => {
    expect(upgradeMachine(VERSION_1)).toEqual({
      version: 3,
      startAt: 'Plan',
      states: {
        Plan: {
          kind: 'Task',
          name: 'Plan',
          at,
          flow: { ...flow, arguments: {} },
          task: 'plan',
          scope: 'task.plan',
          effect: 'write',
          undo: { by: 'none' },
          token: false,
          ...handling,
          next: 'RollOut',
        },
        RollOut: {
          kind: 'Map',
          name: 'RollOut',
          at,
          flow,
          items: { from: 'targets' },
          maxConcurrency: { from: 'literal', value: 10 },
          ...handling,
          next: 'Wait',
          iterator: {
            version: 3,
            startAt: 'Push',
            states: {
              Push: {
                kind: 'Task',
                name: 'Push',
                at,
                flow: { ...flow, arguments: {} },
                task: 'push',
                scope: 'task.push',
                effect: 'write',
                undo: { by: 'rollback' },
                token: false,
                ...handling,
                next: 'Verify',
              },
              Verify: {
                kind: 'Task',
                name: 'Verify',
                at,
                flow: { ...flow, arguments: { within: 180 } },
                task: 'verify',
                scope: 'task.verify',
                effect: 'read',
                undo: { by: 'none' },
                token: false,
                ...handling,
              },
            },
          },
        },
        Wait: { kind: 'Wait', name: 'Wait', at, flow, seconds: { from: 'literal', value: 60 }, next: 'Done' },
        Done: { kind: 'Succeed', name: 'Done', at, flow },
        Broken: {
          kind: 'Fail',
          name: 'Broken',
          at,
          flow,
          error: { from: 'literal', value: 'E' },
          cause: { from: 'literal', value: 'because' },
        },
      },
    })
  })

  test('returns a machine of the present version as it is', () => {
    const machine = { version: 3, startAt: 'Done', states: { Done: { kind: 'Succeed', name: 'Done', at, flow } } }
    expect(upgradeMachine(machine)).toBe(machine)
  })

  test('a confirm of version 2 saves as well, wherever it is, and nothing else changes', () => {
    const task = (name: string) => ({ kind: 'Task', name: `The${name}`, at, flow, task: name, next: 'Next' })
    const inner = (name: string, version: number) => ({ version, startAt: 'A', states: { A: task(name) } })
    const machine = (version: number, confirm: string) => ({
      version,
      startAt: 'ReadyNow',
      states: {
        ReadyNow: task('ready'),
        Each: { kind: 'Map', name: 'Each', at, flow, items: { from: 'targets' }, iterator: inner(confirm, version) },
        Both: { kind: 'Parallel', name: 'Both', at, flow, branches: [inner('http', version), inner(confirm, version)] },
        Wait: { kind: 'Wait', name: 'Wait', at, flow },
      },
    })
    const upgraded = JSON.parse(JSON.stringify(upgradeMachine(machine(2, 'confirm'))))
    const expected = JSON.parse(
      JSON.stringify(machine(3, 'confirm-and-save')).replaceAll('Theconfirm-and-save', 'Theconfirm'),
    )
    expect(upgraded).toEqual(expected)
  })

  test.each<[string, Json, string]>([
    ['a version to come', { version: 4 }, 'the journal holds a state machine of version 4'],
    ['no version', {}, 'the journal holds a state machine of version null'],
    ['no machine', 'x', 'the journal holds a state machine of version null'],
    [
      'a kind that version 1 had not',
      { version: 1, startAt: 'A', states: { A: { kind: 'Choice' } } },
      'a state machine of version 1 holds a state of the kind "Choice"',
    ],
    [
      'a task that is not there',
      { version: 1, startAt: 'A', states: { A: { kind: 'Task', task: 'toString' } } },
      'a state machine of version 1 calls the unknown task `toString`',
    ],
  ])('refuses %s', (_, json, message) => {
    expect(() => upgradeMachine(json)).toThrow(expect.objectContaining({ kind: 'store', message }))
  })
})

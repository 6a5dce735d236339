import type { EventBody, JournalEvent } from '../../../src/change/record/event/event.ts'
import type { StateMachine, TaskState } from '../../../src/change/workflow/machine/machine.ts'
import { asJson } from '../../lab/part-of.ts'

const at = { file: 'test.yaml', line: 1, column: 1 }
const flow = { language: 'jsonata' } as const
const handling = { retry: [], catch: [] } as const
const literal = (value: number) => ({ from: 'literal', value }) as const
const task = (name: string, called: string, next?: string): TaskState => ({
  kind: 'Task',
  name,
  at,
  flow: { ...flow, arguments: {} },
  ...handling,
  task: called,
  scope: 'task.push',
  effect: called === 'push' ? 'write' : 'read',
  undo: { by: called === 'push' ? 'rollback' : 'none' },
  token: false,
  ...(next === undefined ? {} : { next }),
})

/** The shape every change compiles to, written by hand. */
export const changeMachine: StateMachine = {
  version: 3,
  startAt: 'Plan',
  states: {
    Plan: task('Plan', 'plan', 'Approve'),
    Approve: task('Approve', 'approve', 'RollOutWaves'),
    RollOutWaves: {
      kind: 'Map',
      name: 'RollOutWaves',
      at,
      flow,
      ...handling,
      items: { from: 'waves' },
      maxConcurrency: literal(1),
      next: 'Pause',
      iterator: {
        version: 3,
        startAt: 'RollOutWave',
        states: {
          RollOutWave: {
            kind: 'Map',
            name: 'RollOutWave',
            at,
            flow,
            ...handling,
            items: { from: 'wave' },
            maxConcurrency: literal(2),
            iterator: {
              version: 3,
              startAt: 'Push',
              states: { Push: task('Push', 'push', 'Verify'), Verify: task('Verify', 'verify') },
            },
          },
        },
      },
    },
    Pause: { kind: 'Wait', name: 'Pause', at, flow, seconds: literal(30), next: 'Done' },
    Done: { kind: 'Succeed', name: 'Done', at, flow },
  },
}

/** Events as a journal would give them: numbered from 1, one second apart from 2026-11-20T00:00:00Z. */
export function journalled(...bodies: readonly EventBody[]): JournalEvent[] {
  return bodies.map((body, index) => ({
    v: 1,
    seq: index + 1,
    at: new Date(Date.UTC(2026, 10, 20, 0, 0, index)).toISOString(),
    actor: 'local:1000:ann@desk',
    execution: '20261120-000000-00c0ffee',
    ...body,
  }))
}

/** The first event of an execution of {@link changeMachine} over the given switches. */
export function started(targets: readonly string[], purpose: 'plan' | 'run' = 'run'): EventBody {
  return {
    type: 'ExecutionStarted',
    purpose,
    workflow: 'test',
    file: 'test.yaml',
    definition: 'sha256:00',
    interpreter: 2,
    machine: asJson(changeMachine),
    params: {},
    input: {},
    context: {},
    requester: { issuer: 'local', id: 'local:1000:ann@desk', kind: 'person', auth: 'os' },
    targets,
  }
}

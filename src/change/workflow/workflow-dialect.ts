import type { Place } from '../../model/problem.ts'
import { accept, refuse } from '../../text/source/checked.ts'
import { didYouMean } from '../../text/source/suggest.ts'
import type { Dialect, TaskBinding } from './asl/dialect.ts'
import { TASKS } from './machine/task-table.ts'

const PREFIX = 'eosflow:'

const CALLBACK = '.waitForTaskToken'

/** What `states:` of a workflow file takes: JSONata only, our own tasks, and what Amazon States Language cannot say of a change. */
export const workflowDialect: Dialect = {
  type: 'STANDARD',
  languages: ['JSONata'],
  extensions: true,
  resource: (resource: string, at: Place) => {
    const binding = BINDINGS.get(resource)
    if (binding !== undefined) return accept(binding)
    const hint = didYouMean(resource, [...BINDINGS.keys()])
    return refuse({ code: 'unknown-task', message: `there is no task \`${resource}\``, at, hint })
  },
}

const BINDINGS: ReadonlyMap<string, TaskBinding> = new Map(
  Object.entries(TASKS).flatMap(([task, { scope, effect, undo, token }]): [string, TaskBinding][] => {
    const binding: TaskBinding = { task, scope, effect, undo: { by: undo }, token }
    const called: [string, TaskBinding] = [`${PREFIX}${task}`, binding]
    return task === 'http' ? [called, [`${PREFIX}${task}${CALLBACK}`, { ...binding, token: true }]] : [called]
  }),
)

import type { Json } from '../../../model/json.ts'
import type { TaskState, Undo } from '../machine/machine.ts'
import type { QueryLanguageName, TaskBinding } from './dialect.ts'
import { checkTemplate, isExpression } from './expression.ts'
import { integerIn, SECONDS, sourceOf } from './flow.ts'
import type { DefinitionPart } from './part.ts'

type TaskFields = Pick<
  TaskState,
  'task' | 'scope' | 'effect' | 'undo' | 'token' | 'timeoutSeconds' | 'heartbeatSeconds'
>

const UNKNOWN: TaskBinding = { task: '', scope: 'task.exec', effect: 'read', undo: { by: 'none' }, token: false }

/** What a Task calls, for how long, and how it is taken back. */
export function taskOf(state: DefinitionPart, language: QueryLanguageName): TaskFields {
  state.demand('Resource')
  const bound = bindingOf(state) ?? UNKNOWN
  checkCredentials(state, language)
  const timeout = sourceOf(state, 'TimeoutSeconds', language, integerIn(SECONDS))
  const heartbeat = sourceOf(state, 'HeartbeatSeconds', language, integerIn(SECONDS))
  const [longest, shortest] = [state.raw('TimeoutSeconds'), state.raw('HeartbeatSeconds')]
  if (typeof longest === 'number' && typeof shortest === 'number' && shortest >= longest) {
    state.fail('HeartbeatSeconds', 'HeartbeatSeconds must be smaller than TimeoutSeconds')
  }
  return {
    ...bound,
    effect: state.oneOf('Effect', ['read', 'write', 'irreversible']) ?? bound.effect,
    undo: undoOf(state) ?? bound.undo,
    ...(timeout === undefined ? {} : { timeoutSeconds: timeout }),
    ...(heartbeat === undefined ? {} : { heartbeatSeconds: heartbeat }),
  }
}

/** What a `Resource` stands for; the dialect's problem becomes a fault. */
function bindingOf(part: DefinitionPart): TaskBinding | undefined {
  const resource = part.text('Resource')
  if (resource === undefined) return undefined
  const { reading, path } = part
  const bound = reading.dialect.resource(resource, reading.placeOf([...path, 'Resource']))
  if (bound.ok) return bound.value
  for (const { message, hint } of bound.problems) {
    reading.fail([...path, 'Resource'], message, 'schema-validation-failed', hint)
  }
  return undefined
}

/** `Undo` is an extension: `none`, `rollback`, or another call with its own arguments. */
function undoOf(state: DefinitionPart): Undo | undefined {
  const undo = state.raw('Undo')
  if (undo === undefined || !state.reading.dialect.extensions) return undefined
  if (undo === 'none' || undo === 'rollback') return { by: undo }
  if (typeof undo === 'string') {
    state.fail('Undo', 'Value is not one of: [none, rollback], nor a call with Resource and Arguments')
    return undefined
  }
  const call = state.object('Undo')
  if (call === undefined) return undefined
  call.allowOnly('Resource', 'Arguments')
  call.demand('Resource')
  checkTemplate(call, 'Arguments', 'JSONata', ['result'])
  const given: Json = call.raw('Arguments') ?? {}
  return { by: 'task', task: bindingOf(call)?.task ?? '', arguments: given }
}

function checkCredentials(state: DefinitionPart, language: QueryLanguageName): void {
  if (!state.has('Credentials') || isExpression(state.raw('Credentials'))) return
  const credentials = state.object('Credentials')
  if (credentials === undefined) return
  const names = language === 'JSONPath' ? ['RoleArn', 'RoleArn.$'] : ['RoleArn']
  credentials.allowOnly(...names)
  if (!names.some((name) => credentials.has(name))) {
    credentials.failWhole(`The field 'RoleArn' is required but was missing`)
  }
  credentials.text('RoleArn')
  checkTemplate(state, 'Credentials', language)
}

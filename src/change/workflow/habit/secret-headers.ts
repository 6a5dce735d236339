import { isJsonObject, type Json } from '../../../model/json.ts'
import type { StateMachine, TaskState } from '../machine/machine.ts'
import { statesIn } from '../machine/walk.ts'
import { type Warning, warning } from './warning.ts'

// Headers that carry a credential, by what their names end in (RFC 9110, sections 11.6.2 and 11.7.2; RFC 6265; common usage).
const CREDENTIAL = /(?:^|-)(?:authorization|cookie|api-?key|token|secret|password)$/i

export function secretHeaders(machine: StateMachine): readonly Warning[] {
  return statesIn(machine).flatMap(({ state }) => {
    if (state.kind !== 'Task' || state.task !== 'http') return []
    return argumentsIn(state)
      .flatMap((given) => clearHeaders(given))
      .map((header) =>
        warning(
          'secret-in-clear',
          `\`${state.name}\` sends the header \`${header}\` with a secret in clear`,
          state.at,
          'write a reference to it, to the environment or a file, which the settings of the host allow',
        ),
      )
  })
}

function argumentsIn({ flow, undo }: TaskState) {
  const own = flow.language === 'jsonata' && flow.arguments !== undefined ? [flow.arguments] : []
  return undo.by === 'task' ? [...own, undo.arguments] : own
}

function clearHeaders(given: Json) {
  const headers = isJsonObject(given) && isJsonObject(given.headers) ? given.headers : {}
  return Object.entries(headers)
    .filter(([name, value]) => CREDENTIAL.test(name) && typeof value === 'string' && isClear(value))
    .map(([name]) => name)
}

function isClear(value: string) {
  return value.trim() !== '' && !value.includes('${') && !value.startsWith('{%')
}

import { isJsonObject } from '../../model/json.ts'
import type { Scope } from '../../model/principal.ts'
import type { Problem } from '../../model/problem.ts'
import { keyPlaceOf, type LocatedValue } from '../../text/source/located.ts'
import type { StateMachine, TaskState } from './machine/machine.ts'
import { statesIn } from './machine/walk.ts'

/** The states of a machine that need more than `permissions:` of the workflow file lists: a ceiling takes rights away and gives none. */
export function ceilingProblems(machine: StateMachine, permissions: readonly Scope[] | undefined): readonly Problem[] {
  if (permissions === undefined) return []
  return statesIn(machine).flatMap(({ state }) => {
    if (state.kind !== 'Task' || permissions.includes(state.scope)) return []
    return [
      {
        code: 'above-permissions',
        message: `\`${state.name}\` needs ${state.scope}, which \`permissions\` of the workflow does not list`,
        at: state.at,
        hint: `add \`${state.scope}\` to \`permissions\`, or take the state out`,
      },
    ]
  })
}

/** The same for the state's own `Permissions`. */
export function ownCeilingProblems({ name, scope }: TaskState, written: LocatedValue): readonly Problem[] {
  const own = isJsonObject(written.value) ? written.value.Permissions : undefined
  if (!Array.isArray(own) || own.includes(scope)) return []
  return [
    {
      code: 'above-permissions',
      message: `\`${name}\` needs ${scope}, which its own \`Permissions\` do not list`,
      at: keyPlaceOf(written, ['Permissions']),
      hint: `add \`${scope}\`, or call another task`,
    },
  ]
}

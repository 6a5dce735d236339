import type { z } from 'zod'
import { isJsonObject, type Json } from '../../model/json.ts'
import type { Scope } from '../../model/principal.ts'
import type { Problem } from '../../model/problem.ts'
import { explainIssue } from '../../text/source/explain-issue.ts'
import { keyPlaceOf, type LocatedValue, locatedAt, placeOf } from '../../text/source/located.ts'
import { factsOf, type StateMachine, statesIn, type TaskFacts, type TaskState } from './machine/machine.ts'

export interface KnownTask {
  readonly name: string
  readonly input: z.ZodType
}

export function callProblems(state: TaskState, written: LocatedValue, tasks: readonly KnownTask[]): readonly Problem[] {
  if (state.task !== 'http') return [...fixedProblems(state, written), ...argumentProblems(state.task, written, tasks)]
  return [...undoProblems(state, written), ...argumentProblems(state.task, written, tasks)]
}

function fixedProblems({ name, task, effect, undo }: TaskState, written: LocatedValue): Problem[] {
  const facts = factsOf(task)
  if (facts === undefined) return []
  const faults = [
    ...(effect === facts.effect ? [] : (['Effect'] as const)),
    ...(undo.by === facts.undo ? [] : (['Undo'] as const)),
  ]
  return faults.map((key) => ({
    code: 'fixed-by-task',
    message: `\`${key}\` of \`${name}\` is not for a workflow to choose: ${said(task, facts)}`,
    at: keyPlaceOf(written, [key]),
    hint: `delete \`${key}\``,
  }))
}

function said(task: string, { effect, undo }: TaskFacts) {
  if (effect === 'read') return `\`${task}\` only reads`
  return undo === 'rollback'
    ? `\`${task}\` writes, and a rollback of the switch undoes it`
    : `\`${task}\` writes, and leaves nothing to undo`
}

function undoProblems({ name, effect, undo }: TaskState, written: LocatedValue): Problem[] {
  const at = keyPlaceOf(written, ['Undo'])
  if (undo.by === 'rollback' || (undo.by === 'task' && undo.task !== 'http')) {
    const message = `\`${name}\` writes to a service, which only another call of it can undo`
    return [
      {
        code: 'bad-undo',
        message,
        at,
        hint: 'write `Undo: { Resource: eosflow:http, Arguments: … }`, or `Undo: none`',
      },
    ]
  }
  if (effect !== 'write' || locatedAt(written, ['Undo']) !== undefined) return []
  const message = `\`${name}\` writes to a service and does not say how that is undone`
  const hint =
    'write `Undo: { Resource: eosflow:http, Arguments: … }` or `Undo: none`; `Effect: read` if it changes nothing'
  return [{ code: 'no-undo', message, at: placeOf(written), hint }]
}

function argumentProblems(task: string, written: LocatedValue, tasks: readonly KnownTask[]) {
  const known = tasks.find(({ name }) => name === task)
  if (known === undefined || !SERVICES.includes(task)) return []
  const calls = [locatedAt(written, ['Arguments']), locatedAt(written, ['Undo', 'Arguments'])]
  return calls.flatMap((given) => (given === undefined ? [] : constantProblems(known, given)))
}

const SERVICES: readonly string[] = ['http', 'signal']

function constantProblems({ input }: KnownTask, given: LocatedValue) {
  if (!isJsonObject(given.value)) return []
  const entries = Object.entries(given.value)
  const open = new Set(entries.flatMap(([key, value]) => (hasExpression(value) ? [key] : [])))
  const parsed = input.safeParse(Object.fromEntries(entries.filter(([key]) => !open.has(key))))
  const issues = parsed.success ? [] : parsed.error.issues.filter(({ path }) => !open.has(String(path[0])))
  return issues.flatMap((issue) => explainIssue(issue, input, given))
}

function hasExpression(value: Json) {
  if (typeof value === 'string') return value.startsWith('{%') && value.endsWith('%}')
  return value !== null && typeof value === 'object' && Object.values(value).some(hasExpression)
}

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

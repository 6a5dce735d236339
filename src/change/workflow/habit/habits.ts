import { ERROR_KINDS, type Place, type Problem } from '../../../model/error.ts'
import { isJsonObject, type Json } from '../../../model/json.ts'
import { suggest } from '../../../text/source/suggest.ts'
import type { Workflow } from '../definition/workflow.ts'
import { machinesIn, reachable, type State, type StateMachine, statesIn, type TaskState } from '../machine/machine.ts'
import { type Files, readNamed } from '../template/files.ts'

const RESERVED: readonly string[] = [
  'States.ALL',
  'States.BranchFailed',
  'States.DataLimitExceeded',
  'States.ExceedToleratedFailureThreshold',
  'States.HeartbeatTimeout',
  'States.Http.Socket',
  'States.IntrinsicFailure',
  'States.ItemReaderFailed',
  'States.NoChoiceMatched',
  'States.ParameterPathFailure',
  'States.Permissions',
  'States.QueryEvaluationError',
  'States.ResultPathMatchFailure',
  'States.ResultWriterFailed',
  'States.Runtime',
  'States.TaskFailed',
  'States.Timeout',
]

// Every name that Retry and Catch can see without somebody having made it up, statuses of `http` aside.
const KNOWN: readonly string[] = [...RESERVED, ...ERROR_KINDS.map((kind) => `eosflow.${kind}`)]

const TERMINAL: readonly string[] = [
  'States.Runtime',
  'eosflow.bug',
  'eosflow.store',
  'eosflow.cancelled',
  'eosflow.not-authorised',
]

/** Error names in Retry and Catch that match nothing: unknown ones of `States.` and `eosflow.`, slips like `State.ALL` (AWS took that one, and it matched nothing), and names of errors that nothing can catch. */
export function errorNames(machine: StateMachine): readonly Warning[] {
  return statesIn(machine).flatMap(({ state }) => namesIn(state).flatMap((name) => faultsOf(name, state)))
}

function namesIn(state: State) {
  if (!('retry' in state)) return []
  return [...new Set([...state.retry, ...state.catch].flatMap(({ errorEquals }) => errorEquals))]
}

function faultsOf(name: string, { name: state, at }: State) {
  if (TERMINAL.includes(name)) {
    const message = `\`${state}\` names \`${name}\`, which no Retry and no Catch ever takes`
    return [warning('error-name', message, at, 'delete it: such an error ends the execution, which is then undone')]
  }
  if (KNOWN.includes(name) || /^States\.Http\.StatusCode\.\d{3}$/.test(name)) return []
  const meant = suggest(name, KNOWN)
  const reserved = /^(?:States|eosflow)\./.test(name)
  if (!reserved && !isSlip(name, meant)) return []
  const hint = meant === undefined ? `known are ${KNOWN.join(', ')}` : `did you mean \`${meant}\`?`
  return [warning('error-name', `\`${state}\` names the error \`${name}\`, which nothing ever has`, at, hint)]
}

function isSlip(name: string, meant: string | undefined) {
  const [first = ''] = name.split('.')
  return meant !== undefined && suggest(first, ['States', 'eosflow']) !== undefined
}

// More retries than that hide a fault instead of outlasting it.
const ENOUGH = 5

export function manyAttempts(machine: StateMachine): readonly Warning[] {
  return statesIn(machine).flatMap(({ state }) => {
    const retry = 'retry' in state ? state.retry : []
    return retry
      .filter(({ maxAttempts }) => maxAttempts > ENOUGH)
      .map(({ maxAttempts, errorEquals }) =>
        warning(
          'many-attempts',
          `\`${state.name}\` is tried again ${maxAttempts} times after ${errorEquals.join(', ')}`,
          state.at,
          'write `MaxAttempts: 5` or fewer, and longer pauses: `IntervalSeconds`, `BackoffRate`',
        ),
      )
  })
}

// Commands of global configuration that decide who may do what on the switch (EOS manual, "AAA" and "Switch Administration").
const ADMINISTRATION =
  /^(?:aaa|enable (?:password|secret)|ip (?:radius|tacacs)|management|radius-server|role|tacacs-server|username)\b/

const NEITHER = /^(?:!|#|end\b|exit\b|configure\b|enable$)/

export function mixedChange(lines: readonly ChangeText[]): readonly Warning[] {
  const commands = lines.map(({ text, at }) => ({ command: text.replace(/^(?:no|default) /, ''), at }))
  const judged = commands.filter(({ command }) => /^[a-z]/i.test(command) && !NEITHER.test(command))
  const administers = judged.find(({ command }) => ADMINISTRATION.test(command))
  const serves = judged.find(({ command }) => !ADMINISTRATION.test(command))
  if (administers === undefined || serves === undefined) return []
  return [mixed(administers, serves)]
}

interface Command {
  readonly command: string
  readonly at: Place
}

function mixed(administers: Command, serves: Command) {
  const message = `the change touches administration (\`${first(administers)}\`) and services (\`${first(serves)}\`, line ${serves.at.line}) in one`
  return warning('mixed-change', message, administers.at, 'make two workflows of it, and run them one after the other')
}

function first({ command }: Command) {
  return command.split(/\s+/).slice(0, 2).join(' ')
}

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

/** States whose names do not say what is done to what, verb first: `CheckTimers`, `push-change`. No list of verbs stands behind it, since none is ever complete. */
export function stateNames(machine: StateMachine): readonly Warning[] {
  return statesIn(machine).flatMap(({ state: { kind, name, at } }) => {
    const why = kind === 'Succeed' || kind === 'Fail' ? undefined : faultOf(name)
    if (why === undefined) return []
    const hint = 'name it by a verb and what the verb is done to, for example `PushChange`'
    return [warning('state-name', `the state name \`${name}\` ${why}`, at, hint)]
  })
}

function faultOf(name: string) {
  const [first, ...others] = wordsOf(name)
  const last = others.at(-1)
  if (first === undefined || last === undefined) return 'is one word, where a verb and a noun belong'
  if (GERUND.test(first) || PARTICIPLE.test(first) || ACTION_NOUN.test(first))
    return `begins with \`${first}\`, which is no verb`
  return VERB_ENDING.test(last) ? `ends with the verb \`${last}\`` : undefined
}

function wordsOf(name: string): readonly string[] {
  return name.match(/\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|\p{Lo}+/gu) ?? []
}

// A vowel before the ending tells `Pushing` from `Ping` and `Bring`, `Failed` from `Shed`, `Validation` from `Station`.
const GERUND = /[aeiouy].*ing$/i
const PARTICIPLE = /[aeiouy].*[^e]ed$/i
const ACTION_NOUN = /[aeiouy].*ation$/i
const VERB_ENDING = /[^aeiou]ify$/i

/** Steps have no states of their own: what can be said of machines is said of `states:` only. */
export function workflowHabits(workflow: Workflow, files: Files): readonly Warning[] {
  const mixed = mixedChange(changeText(workflow, files))
  return workflow.form === 'steps' ? mixed : [...mixed, ...machineHabits(workflow.machine)]
}

export function machineHabits(machine: StateMachine): readonly Warning[] {
  return [stateNames, unreachableStates, manyAttempts, errorNames, secretHeaders].flatMap((habit) => habit(machine))
}

export interface Warning extends Problem {
  readonly severity: 'warning'
}

export function warning(code: string, message: string, at: Place, hint: string): Warning {
  return { severity: 'warning', code, message, at, hint }
}

export interface ChangeText {
  readonly text: string
  readonly at: Place
}

/** The lines of a change that can be seen before a switch and the parameters are known: `lines`, a template without its statements and comments, or a file whose name is constant. */
export function changeText({ change, file }: Pick<Workflow, 'change' | 'file'>, files: Files): readonly ChangeText[] {
  const { mode, source } = change
  if (mode === 'replace') return []
  if (source.from === 'lines')
    return source.lines.flatMap(({ text, at }) => linesOf(text).map((line) => ({ ...line, at })))
  if (source.path.includes('{{')) return []
  const read = readNamed(source.path, source.at, file, files)
  if (!read.ok) return []
  const { file: named, text } = read.value
  return linesOf(text).map(({ text: line, number }) => ({ text: line, at: { file: named, line: number, column: 1 } }))
}

// Lines with their numbers; statements and comments of the template language are blanked, so that the numbers stay.
function linesOf(text: string) {
  const plain = text.replace(/\{[%#][\s\S]*?[%#]\}/g, (statement) => statement.replace(/[^\n]/g, ''))
  return plain.split('\n').map((line, index) => ({ text: line.replace(/[ \t\r]+$/, ''), number: index + 1 }))
}

/** States that no way from the start of their machine leads to: what they were written for is never done. */
export function unreachableStates(machine: StateMachine): readonly Warning[] {
  const reached = reachable(machine)
  return Object.values(machine.states).flatMap((state) => {
    const inside = machinesIn(state).flatMap(unreachableStates)
    if (reached.has(state.name)) return inside
    const message = `no way leads to the state \`${state.name}\``
    const hint = 'name it in a `Next`, `Default` or `Catch` of a state that is reached, or delete it'
    return [warning('unreachable-state', message, state.at, hint), ...inside]
  })
}

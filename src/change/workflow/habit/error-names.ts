import { ERROR_KINDS } from '../../../model/error.ts'
import { suggest } from '../../../text/source/suggest.ts'
import type { State, StateMachine } from '../machine/machine.ts'
import { statesIn } from '../machine/walk.ts'
import { type Warning, warning } from './warning.ts'

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

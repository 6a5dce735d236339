import { EosflowError } from '../model/error.ts'
import { isJsonObject, type Json, type JsonObject } from '../model/json.ts'
import type { State, StateMachine } from './machine.ts'
import { TASKS, type TaskName } from './task-table.ts'

/**
 * The machine of a journal in the present version. Version 1 had Task, Map, Wait, Succeed and Fail without expressions;
 * everything it says has a place in version 2. Up to version 2 a `confirm` saved as well, so its states call what does both:
 * an execution that was begun so ends so. Throws `store` for a version that this eosflow does not know, which is
 * refused rather than guessed at.
 */
export function upgradeMachine(json: Json): StateMachine {
  const version = isJsonObject(json) ? json.version : undefined
  if (version === 3) return json as unknown as StateMachine
  if (version === 2) return savingConfirms(json as unknown as StateMachine)
  if (version === 1) return savingConfirms(upgraded(json as JsonObject) as unknown as StateMachine)
  throw new EosflowError('store', `the journal holds a state machine of version ${JSON.stringify(version ?? null)}`, {
    hint: 'Use the eosflow that wrote it, or a newer one.',
  })
}

/** A machine of version 2 in version 3. */
function savingConfirms(machine: StateMachine): StateMachine {
  const states = Object.entries(machine.states).map(([name, state]) => [name, savingConfirm(state)] as const)
  return { ...machine, version: 3, states: Object.fromEntries(states) }
}

function savingConfirm(state: State): State {
  if (state.kind === 'Map') return { ...state, iterator: savingConfirms(state.iterator) }
  if (state.kind === 'Parallel') return { ...state, branches: state.branches.map(savingConfirms) }
  return state.kind === 'Task' && state.task === 'confirm' ? { ...state, task: 'confirm-and-save' } : state
}

function upgraded({ startAt, states }: JsonObject): JsonObject {
  const entries = Object.entries(states as JsonObject)
  return {
    version: 2,
    startAt: startAt ?? '',
    states: Object.fromEntries(entries.map(([name, state]) => [name, upgradedState(state as JsonObject)])),
  }
}

function upgradedState(state: JsonObject): JsonObject {
  const { kind } = state
  if (kind === 'Task') return upgradedTask(state)
  if (kind === 'Map') {
    const { maxConcurrency, iterator, ...kept } = state
    return {
      ...kept,
      ...unhandled,
      maxConcurrency: literal(maxConcurrency),
      iterator: upgraded(iterator as JsonObject),
    }
  }
  if (kind === 'Wait') return { ...state, flow, seconds: literal(state.seconds) }
  if (kind === 'Succeed') return { ...state, flow }
  if (kind === 'Fail') return { ...state, flow, error: literal(state.error), cause: literal(state.cause) }
  throw new EosflowError('store', `a state machine of version 1 holds a state of the kind ${JSON.stringify(kind)}`)
}

function upgradedTask({ input, ...kept }: JsonObject): JsonObject {
  const name = String(kept.task)
  if (!Object.hasOwn(TASKS, name)) {
    throw new EosflowError('store', `a state machine of version 1 calls the unknown task \`${name}\``)
  }
  const { effect, undo } = TASKS[name as TaskName]
  return {
    ...kept,
    ...unhandled,
    flow: { ...flow, arguments: input ?? {} },
    effect,
    undo: { by: undo },
    token: false,
  }
}

const flow = { language: 'jsonata' }

const unhandled = { flow, retry: [], catch: [] }

function literal(value: Json | undefined): JsonObject {
  return { from: 'literal', value: value ?? null }
}

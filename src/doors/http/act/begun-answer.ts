import type { ExecutionState } from '../../../change/engine/state.ts'
import { definedMembers } from '../../../model/json.ts'

export interface BegunAnswer {
  readonly execution: string
  readonly known: false
  readonly trace?: string
}

export function begunAnswer({ id, trace }: ExecutionState): BegunAnswer {
  return { execution: id, known: false, ...definedMembers({ trace }) }
}

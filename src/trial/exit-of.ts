import type { InputError } from '../app/input-error.ts'
import type { ExecutionState } from '../engine/state.ts'
import type { EosflowError } from '../model/error.ts'

/** The exit code of a command line that has left an execution like this, or was kept from beginning one. */
export type ExitOf = (end: ExecutionState | EosflowError | InputError) => number

import type { ExecutionState } from '../../change/engine/state.ts'
import type { EosflowError } from '../../model/error.ts'
import type { Host } from '../../project/system/process/host.ts'
import type { InputError } from '../../project/system/process/input-error.ts'

/** What a trial needs of the front end that asked for it, so that it ends and speaks as the real command does. */
export interface FrontEnd extends Pick<Host, 'words'> {
  exitOf(end: ExecutionState | EosflowError | InputError): number
}

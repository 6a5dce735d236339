import { definedMembers } from '../../../model/json.ts'
import type { DeviceFault } from './fault.ts'
import { faultKinds } from './fault-kinds.ts'

/** One fault of one switch, as it stands in `fabric.yaml` and is sent to the control port. */
export const faultSchema = faultKinds.transform((fault) => definedMembers(fault) as DeviceFault)

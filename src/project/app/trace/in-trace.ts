import { readTraceParent, traceParentText } from '../../../model/trace-parent.ts'
import type { Caller } from '../../identity/caller-of.ts'

/** The trace that somebody asks in, by a `traceparent` as it was sent; one that cannot be read is none. */
export function inTrace(sent: string | null | undefined): Pick<Caller, 'trace'> {
  const parent = readTraceParent(sent)
  return parent === undefined ? {} : { trace: traceParentText(parent) }
}

import { readTraceParent } from '../../model/trace-parent.ts'

/** The trace of a `traceparent` on record, as documents show it; nothing where there is none. */
export function traceIdOf(trace: string | undefined): { readonly traceId?: string } {
  const parent = readTraceParent(trace)
  return parent === undefined ? {} : { traceId: parent.traceId }
}

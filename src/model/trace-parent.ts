export interface TraceParent {
  readonly traceId: string
  readonly spanId: string
  readonly isSampled: boolean
}

// Version, trace, parent and flags (section 3.2.2). What follows a dash behind them belongs to a later version.
const FIELDS = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/
const ZEROS = /^0+$/
// The bit of the flags that is defined (section 3.2.2.5.1).
const SAMPLED = 1

/**
 * Reads a `traceparent` (section 3.2.2): one of a later version by its first four fields. Undefined where it cannot be read, which is no error:
 * whoever is given such a one begins another trace (section 4.3).
 */
export function readTraceParent(text: string | null | undefined): TraceParent | undefined {
  const [, version, traceId = '', spanId = '', flags = '', rest] = FIELDS.exec(text ?? '') ?? []
  if (version === undefined || version === 'ff' || ZEROS.test(traceId) || ZEROS.test(spanId)) return undefined
  if (version === '00' && rest !== undefined) return undefined
  return { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & SAMPLED) === SAMPLED }
}

/** Writes a `traceparent` of version 00. Flags that this version does not define are zero (section 3.2.2.5.2). */
export function traceParentText({ traceId, spanId, isSampled }: TraceParent): string {
  return `00-${traceId}-${spanId}-${isSampled ? '01' : '00'}`
}

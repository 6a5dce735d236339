import type { TraceParent } from '../../../model/trace-parent.ts'

export type SpanAttributes = Readonly<Record<string, string | number>>

export interface SpanStart {
  readonly name: string
  readonly kind: 'internal' | 'client'
  readonly parent: TraceParent | undefined
  readonly link?: TraceParent | undefined
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly attributes: SpanAttributes
}

export interface SpanEnd {
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly attributes?: SpanAttributes
  readonly error?: string | undefined
}

export interface OpenSpan {
  readonly context: TraceParent
  end(end: SpanEnd): void
}

export interface Spans {
  open(start: SpanStart): OpenSpan
  /** Sends what has ended, within 3 s; what cannot be sent by then is lost. */
  close(): Promise<void>
}

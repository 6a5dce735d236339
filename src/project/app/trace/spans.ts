import type { TraceParent } from '../../../model/trace-parent.ts'

/** What a span says besides its name: words of the project and of the record. Nothing of a command or of an answer is in one. */
export type SpanAttributes = Readonly<Record<string, string | number>>

/** A span as it begins. */
export interface SpanStart {
  readonly name: string
  /** `client`: a request to somebody else, here a switch. */
  readonly kind: 'internal' | 'client'
  /** What it is a part of; undefined: it begins a trace. */
  readonly parent: TraceParent | undefined
  /** Another span of the same work, which it goes on from. */
  readonly link?: TraceParent | undefined
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly attributes: SpanAttributes
}

/** What is known at the end of a span. */
export interface SpanEnd {
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly attributes?: SpanAttributes
  /** The kind of the error that it has ended with; its message would be text from a switch. */
  readonly error?: string | undefined
}

/** A span that has begun. It is sent when it has ended, once. */
export interface OpenSpan {
  readonly context: TraceParent
  end(end: SpanEnd): void
}

/** Where spans go. Nothing here waits, and nothing throws: a collector that is down delays no change. */
export interface Spans {
  open(start: SpanStart): OpenSpan
  /** Sends what has ended, within 3 s; what cannot be sent by then is lost. */
  close(): Promise<void>
}

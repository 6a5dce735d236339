import type { JsonObject } from '../../model/json.ts'
import type { ToolInput, ToolName, ToolOutput } from './tools.ts'

/** A failure as the control room gives it (RFC 9457), with what a client branches on. */
export interface ProblemDocument {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly kind: string
  readonly hint?: string | undefined
  /** What a person does about it at a terminal. */
  readonly terminal?: string | undefined
  readonly device?: string | undefined
  readonly [member: string]: unknown
}

/** What answers each tool, for one agent: it asks the policy as routes and commands do. `trace` is the `traceparent` of the call, as it was sent. */
export type Answers = {
  readonly [Name in ToolName]: (input: ToolInput<Name>, trace?: string) => Promise<ToolOutput<Name>>
}

/** What a resource gives. */
export interface ResourceContent {
  readonly mimeType: 'application/json' | 'text/markdown'
  readonly text: string
}

/** What agents are answered from, for one of them: no state is kept between two calls of it. */
export interface AgentTools {
  readonly answers: Answers
  /** The policy in force, by its digest, and what it lets this agent do. */
  policy(): Promise<JsonObject>
  /** The report of an execution as Markdown. */
  report(id: string): Promise<string>
  /** Counts a call of this agent. Throws `too-many`. */
  requireAllowance(): void
  /** Whatever was thrown, as a problem document. */
  problemOf(thrown: unknown): ProblemDocument
  /** Takes known secrets out of what leaves. */
  scrub(text: string): string
}

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
  readonly terminal?: string | undefined
  readonly device?: string | undefined
  readonly [member: string]: unknown
}

type Answers = {
  readonly [Name in ToolName]: (input: ToolInput<Name>, trace?: string) => Promise<ToolOutput<Name>>
}

export interface ResourceContent {
  readonly mimeType: 'application/json' | 'text/markdown'
  readonly text: string
}

export interface AgentTools {
  readonly answers: Answers
  policy(): Promise<JsonObject>
  report(id: string): Promise<string>
  /** Throws `too-many`. */
  requireAllowance(): void
  problemOf(thrown: unknown): ProblemDocument
  scrub(text: string): string
}

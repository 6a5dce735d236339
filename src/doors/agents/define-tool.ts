import type { z } from 'zod'
import type { Scope } from '../../model/principal.ts'

/** One tool as agents see it. */
export interface Tool<Input extends z.ZodObject, Output extends z.ZodObject> {
  readonly title: string
  readonly description: string
  readonly input: Input
  readonly output: Output
  /** What the policy is asked about it. */
  readonly action: Scope
  /** Whether it leaves everything as it is; a tool that does not puts something on record. No tool changes a switch. */
  readonly isReadOnly: boolean
  /** Whether the same call again does nothing more. */
  readonly isIdempotent: boolean
}

/** What a tool is that only shows something. */
export const reads = { isReadOnly: true, isIdempotent: true } as const

/** Writes a tool down: its answer is of the type that its schema gives. */
export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject>(
  tool: Tool<Input, Output>,
): Tool<Input, Output> {
  return tool
}

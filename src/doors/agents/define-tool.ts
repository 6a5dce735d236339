import type { z } from 'zod'
import type { Scope } from '../../model/principal.ts'

export interface Tool<Input extends z.ZodObject, Output extends z.ZodObject> {
  readonly title: string
  readonly description: string
  readonly input: Input
  readonly output: Output
  readonly action: Scope
  readonly isReadOnly: boolean
  readonly isIdempotent: boolean
}

export const reads = { isReadOnly: true, isIdempotent: true } as const

export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject>(
  tool: Tool<Input, Output>,
): Tool<Input, Output> {
  return tool
}

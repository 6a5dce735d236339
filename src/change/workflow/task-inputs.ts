import { z } from 'zod'
import type { JsonObject } from '../../model/json.ts'
import { STEP_INPUTS } from './definition/workflow-schema.ts'

const { wait: _, ...steps } = STEP_INPUTS

export const TASK_INPUTS = {
  ...steps,
  recheck: z.strictObject({
    always: z.boolean().default(false).describe('Compare even when only one switch changes.'),
  }),
  ready: z.strictObject({}),
  save: z.strictObject({}),
  rollback: z.strictObject({}),
} as const

export type ConstantTask = keyof typeof TASK_INPUTS

export type TaskInput<Name extends ConstantTask> = z.output<(typeof TASK_INPUTS)[Name]>

export function argumentsOf<Name extends ConstantTask>(name: Name, input: TaskInput<Name>): JsonObject {
  const own: readonly string[] = OWN[name] ?? []
  return Object.fromEntries(Object.entries(input).filter(([key]) => own.includes(key)))
}

const OWN: Partial<Readonly<Record<ConstantTask, readonly string[]>>> = {
  snapshot: ['state', 'neighbors'],
  approve: ['expires'],
  verify: ['within', 'stableFor', 'every', 'latency'],
  recheck: ['always'],
}

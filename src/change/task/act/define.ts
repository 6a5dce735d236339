import type { z } from 'zod'
import type { JsonObject } from '../../../model/json.ts'
import type { Scope } from '../../../model/principal.ts'
import type { TaskContext } from './context.ts'

export type Probe = { readonly do: 'again' } | { readonly do: 'done'; readonly output: JsonObject }

export interface Task<I extends z.ZodType = z.ZodType> {
  readonly name: string
  readonly summary: string
  readonly docs: string
  readonly scope: Scope
  /** `read` may be run again at any time; `write` is never run again before `probe` has asked the switch. */
  readonly effect: 'read' | 'write'
  readonly input: I
  /** Throws EosflowError; what it returns is journalled, so large values are artefacts. */
  run(context: TaskContext<z.output<I>>): Promise<JsonObject>
  /** Throws when the change must be undone. */
  probe?(context: TaskContext<z.output<I>>): Promise<Probe>
  readonly undo?: string
}

export const defineTask = <I extends z.ZodType>(task: Task<I>): Task<I> => Object.freeze(task)

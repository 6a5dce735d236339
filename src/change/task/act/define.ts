import type { z } from 'zod'
import type { JsonObject } from '../../../model/json.ts'
import type { Scope } from '../../../model/principal.ts'
import type { TaskContext } from './context.ts'

/** What a write task found on the switch after a crash: the act must be done again from its beginning, or it is done. */
export type Probe = { readonly do: 'again' } | { readonly do: 'done'; readonly output: JsonObject }

/**
 * One built-in task, one file each under `builtin/`. The docs page, the schema, the permission and the undo all come
 * from this one value.
 */
export interface Task<I extends z.ZodType = z.ZodType> {
  /** The name a machine calls it by; also the file's name. */
  readonly name: string
  readonly summary: string
  readonly docs: string
  readonly scope: Scope
  /** `read` may be run again at any time; `write` is never run again before `probe` has asked the switch. */
  readonly effect: 'read' | 'write'
  readonly input: I
  /** Does it. Throws EosflowError; what it returns is journalled, so large values are artefacts. */
  run(context: TaskContext<z.output<I>>): Promise<JsonObject>
  /** After a crash in the middle: asks the switch what happened. Throws when the change must be undone. */
  probe?(context: TaskContext<z.output<I>>): Promise<Probe>
  /** The task that takes back what this one did on a switch. Every write task that changes running-config has one. */
  readonly undo?: string
}

/** Fixes a task's shape at its definition. */
export const defineTask = <I extends z.ZodType>(task: Task<I>): Task<I> => Object.freeze(task)

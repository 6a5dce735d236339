import { z } from 'zod'
import type { Command } from '../../../model/command.ts'
import { once } from '../../../model/once.ts'

/** A show command, and the shape of its answer: a thunk, so that nothing is made of one that nobody asks for. */
export interface AskedCommand<M extends z.ZodType = z.ZodType> {
  readonly command: Command
  readonly model: () => M
}

export type Answer<S extends AskedCommand> = S extends AskedCommand<infer M> ? z.output<M> : never

/** What a schema reads that is made by a thunk. */
export type OutputOf<F extends () => z.ZodType> = z.output<ReturnType<F>>

/** A revision of null is any: the switch answers in the one that it takes for the first. */
export function show<M extends z.ZodType>(cmd: string, model: () => M, revision: number | null = 1): AskedCommand<M> {
  return { command: revision === null ? { cmd } : { cmd, revision }, model: once(model) }
}

const text = once(() => z.string())

export function showText(cmd: string): AskedCommand<z.ZodString> {
  return { command: { cmd, format: 'text' }, model: text }
}

import type { Mutation } from './mutations.ts'

/** A mutant that lives, and why that is right: nothing that anybody can see differs, or only what is never relied on. */
export interface Lived extends Pick<Mutation, 'file' | 'kind' | 'source'> {
  readonly why: string
}

/** Every mutant of the wide search that may live. */
export const LIVED: readonly Lived[] = []

import type { ChangePort, TaskContext } from './context.ts'

/** What a look at a switch and its neighbours needs of a task: it reads and judges, and puts nothing on record. */
export type LookContext = Pick<
  TaskContext<unknown>,
  'checks' | 'clock' | 'fleet' | 'history' | 'judges' | 'neighbors' | 'random' | 'saw' | 'signal' | 'snapshot' | 'texts'
> & { readonly change: Pick<ChangePort, 'baseline' | 'planned' | 'roundTrip' | 'watched'> }

import type { ChangePort, TaskContext } from './context.ts'

export type LookContext = Pick<
  TaskContext<unknown>,
  'checks' | 'clock' | 'fleet' | 'history' | 'judges' | 'neighbors' | 'random' | 'saw' | 'signal' | 'snapshot' | 'texts'
> & { readonly change: Pick<ChangePort, 'baseline' | 'planned' | 'roundTrip' | 'watched'> }

import type { ExecutionState } from './state.ts'

/** A commit timer that an execution has started and that nobody has ended since, as far as the record tells. */
export interface StartedTimer {
  readonly device: string
  /** When it runs out, milliseconds since the epoch by the controller's clock. */
  readonly until: number
}

export function startedTimers({ status, devices, ends }: ExecutionState): readonly StartedTimer[] {
  if (status === 'ended') return []
  return [...devices]
    .flatMap(([device, { reached, phase, armedAt, timer }]) => {
      const isOpen = (reached === 'arm' && phase !== 'ended') || phase === 'confirming'
      if (!isOpen || ends.has(device) || armedAt === undefined || timer === undefined) return []
      return [{ device, until: armedAt + timer * 1000 }]
    })
    .toSorted((a, b) => a.until - b.until)
}

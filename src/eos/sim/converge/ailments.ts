import type { OperationalFault } from './operational-fault.ts'

interface AgentCrash {
  readonly agent: string
  // Milliseconds since the epoch.
  readonly at: number
}

/** What is wrong with a switch itself, whatever its network does. */
export interface Ailments {
  readonly clockAdrift: boolean
  /** The slots of the supplies that give no power. */
  readonly failedSupplies: readonly string[]
  /** What has crashed since the switch booted; each agent was started again at once. */
  readonly crashes: readonly AgentCrash[]
}

/** What is wrong with a switch at an instant. A crash is not undone when its fault ends. */
export function ailmentsAt(faults: readonly OperationalFault[], device: string, at: number): Ailments {
  const begun = faults.filter((fault) => fault.device === device && at >= (fault.from ?? 0))
  const holding = begun.filter(({ until }) => until === undefined || at < until)
  return {
    clockAdrift: holding.some(({ kind }) => kind === 'clock-adrift'),
    failedSupplies: holding.flatMap((fault) => (fault.kind === 'supply-failed' ? [fault.supply] : [])),
    crashes: begun.flatMap((fault) =>
      fault.kind === 'agent-crashed' ? [{ agent: fault.agent, at: fault.from ?? at }] : [],
    ),
  }
}

import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const PROCESS = fileURLToPath(new URL('./switches-process.ts', import.meta.url))

/** Where a simulated switch answers on loopback: ports, and its host key as `known_hosts` has it and as a fingerprint. */
export interface PeerSwitch {
  readonly name: string
  readonly http: number
  readonly ssh: number
  readonly hostKey: string
  readonly fingerprint: string
}

/** What all switches have seen of a client, and what runs on them behind it; every figure is of all of them together. */
export interface Seen {
  /** Requests of eAPI, or lines typed over SSH. */
  readonly requests: number
  readonly connections: number
  readonly bytesToSwitches: number
  readonly bytesFromSwitches: number
  /** User and system CPU of the switches, in seconds. */
  readonly cpu: number
  /** How many switches run the VLAN, and how many have it in startup-config. */
  readonly running: number
  readonly saved: number
  /** Commits under a timer, and second commits that kept one. */
  readonly timed: number
  readonly confirmed: number
  /** How many switches have a session that was not completed: pending, or aborted. */
  readonly leftOver: number
}

/** Simulated switches in a process of their own. */
export interface Switches {
  readonly all: readonly PeerSwitch[]
  seen(): Promise<Seen>
  close(): void
}

/** Starts as many switches as are asked for; nobody has asked them anything yet. */
export async function startSwitches(count: number): Promise<Switches> {
  const child = fork(PROCESS, [String(count)], { execArgv: ['--import', 'tsx'] })
  const [all] = (await once(child, 'message')) as [readonly PeerSwitch[]]
  return {
    all,
    seen: async () => {
      child.send('seen')
      const [counts] = (await once(child, 'message')) as [Seen]
      return counts
    },
    close: () => child.disconnect(),
  }
}

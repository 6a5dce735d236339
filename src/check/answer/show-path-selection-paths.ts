import { z } from 'zod'
import type { Command } from '../../model/command.ts'
import { once } from '../once.ts'
import { byName } from './by-name.ts'

/** `show path-selection paths`, revision 1: dynamic path selection, peer by peer. */
export const SHOW_PATH_SELECTION_PATHS: Command = { cmd: 'show path-selection paths', revision: 1 }

/** States of a path that carries traffic. */
const GOOD_STATES: readonly string[] = ['ipsecEstablished', 'routeResolved']

const dpsPath = once(() =>
  z.object({
    state: z.string().optional(),
    source: z.string().optional(),
    destination: z.string().optional(),
    dpsSessions: z.record(z.string(), z.object({ active: z.boolean().default(false) })).default({}),
  }),
)

/** One path to a peer. */
export type DpsPath = z.output<ReturnType<typeof dpsPath>>

/** What `show path-selection paths` tells: the peers by address, their path groups by name, and the paths of each. */
export const pathSelectionAnswer = once(() =>
  z.object({
    dpsPeers: byName(z.object({ dpsGroups: byName(z.object({ dpsPaths: byName(dpsPath()).optional() })).optional() })),
  }),
)

/** What is expected of a path's state and what it is, if it is not one that carries traffic. */
export function stateMismatch({ state = 'Not found' }: DpsPath): string | undefined {
  return GOOD_STATES.includes(state) ? undefined : `Expected: ${GOOD_STATES.join(', ')} Actual: ${state}`
}

/** Whether telemetry of a path runs: it has a session, and none is inactive. */
export function hasTelemetry({ dpsSessions }: DpsPath): boolean {
  const sessions = Object.values(dpsSessions)
  return sessions.length > 0 && sessions.every(({ active }) => active)
}

import { z } from 'zod'
import type { Command } from '../../../model/command.ts'
import { once } from '../../../model/once.ts'
import { byName } from './by-name.ts'
import { printed } from './printed.ts'

/** `show path-selection paths`, revision 1: dynamic path selection, peer by peer. */
export const SHOW_PATH_SELECTION_PATHS: Command = { cmd: 'show path-selection paths', revision: 1 }

/** States of a path that carries traffic. */
const GOOD_STATES: readonly string[] = ['ipsecEstablished', 'routeResolved']

const dpsPath = once(() =>
  z.looseObject({
    state: z.string().optional(),
    source: z.string().optional(),
    destination: z.string().optional(),
    dpsSessions: byName(z.object({ active: z.boolean().optional() })).optional(),
  }),
)

/** One path to a peer. */
export type DpsPath = z.output<ReturnType<typeof dpsPath>>

/** What `show path-selection paths` tells: the peers by address, their path groups by name, and the paths of each. */
export const pathSelectionAnswer = once(() =>
  z.object({
    dpsPeers: byName(
      z.looseObject({ dpsGroups: byName(z.object({ dpsPaths: byName(dpsPath()).optional() })).optional() }),
    ).optional(),
  }),
)

/** What is expected of a path's state and what it is, if it is not one that carries traffic. */
export function stateMismatch({ state }: DpsPath): string | undefined {
  const isGood = state !== undefined && GOOD_STATES.includes(state)
  return isGood ? undefined : `Expected: ${GOOD_STATES.join(', ')} Actual: ${printed(state)}`
}

/** Whether telemetry of a path runs in each of its sessions; undefined where the first does not tell it. */
export function telemetryOf({ dpsSessions }: DpsPath): boolean | undefined {
  if (dpsSessions?.get('0')?.active === undefined) return undefined
  return [...dpsSessions.values()].every(({ active }) => active !== false)
}

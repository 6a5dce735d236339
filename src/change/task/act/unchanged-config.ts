import { passUnless } from '../../../model/verdict.ts'
import { foundBesideTarget } from './beside-target.ts'
import type { JudgedCheck, WatchedNeighbor } from './context.ts'
import { foreignLines } from './foreign-lines.ts'
import type { LookContext } from './look-context.ts'
import { patiently, read } from './read.ts'
import { sameBehindCommit } from './same-config.ts'
import { neighborSnapshots } from './snapshot-of.ts'

const TOLD = 20

export async function ownConfig(context: LookContext, name: string): Promise<JudgedCheck> {
  const { running } = await read(context, name, (device) => device.readConfig())
  const { taken, foreign } = await foundBesideTarget(context, name, running)
  return { check: 'running-config', verdict: passUnless(told([...taken, ...foreign]), ['as approved']) }
}

/**
 * Whether running-config of a neighbour, read at `since` or later, is what it was before the change. `behindCommit`: empty interface
 * blocks may have come and gone since; before it nothing may.
 */
export async function neighborConfig(
  context: LookContext,
  { device, isUnchanged }: WatchedNeighbor,
  { since, behindCommit }: { readonly since: number; readonly behindCommit: boolean },
): Promise<JudgedCheck> {
  const check = `running-config on ${device}`
  const { answer } = await patiently(context, () => context.neighbors.config(device, since))
  const { running } = answer
  if (isUnchanged === undefined || isUnchanged(running))
    return { check, of: device, verdict: passUnless([], ['as before']) }
  const before = await configBefore(context, device)
  if (behindCommit && before !== undefined && sameBehindCommit(before, running)) {
    return { check, of: device, verdict: passUnless([], ['as before']) }
  }
  const lines = before === undefined ? ['it is another than before the change'] : told(foreignLines(before, running))
  return { check, of: device, verdict: passUnless(lines) }
}

async function configBefore(context: LookContext, device: string) {
  const kept = await neighborSnapshots(context).catch(() => [])
  const found = kept.find((one) => one.device === device)?.found
  return typeof found === 'object' ? found.running : undefined
}

function told(lines: readonly string[]) {
  const more = lines.length > TOLD ? [`and ${lines.length - TOLD} lines more`] : []
  return [...lines.slice(0, TOLD).map((line) => `${line} - not expected`), ...more]
}

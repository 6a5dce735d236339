import { EosflowError } from '../model/error.ts'
import { BACKUP, imageIn, notFree } from './bench.ts'
import { KitConversation, type KitPorts, type ProbeResult } from './conversation.ts'
import type { KitStart } from './finding.ts'
import type { Probe } from './probe.ts'

/** A run of the kit on one switch. */
export interface KitRun {
  readonly device: string
  readonly eos: string
  readonly model: string
  readonly probes: readonly ProbeResult[]
  /** The probe behind which it stopped before its end. */
  readonly stopped?: string
  /** How the switch differs from before; undefined where it could not be read. */
  readonly remains: readonly string[] | undefined
}

/**
 * Tries probes on one switch, one after the other. Behind each the switch is read: where it is not as before, nothing more is tried. Throws
 * `guard` where the switch is not free and saved, before anything is changed, and whatever the first reading throws.
 */
export async function runKit(ports: KitPorts, probes: readonly Probe[]): Promise<KitRun> {
  const run = new KitConversation(ports)
  const before = await run.read()
  if (before === undefined) throw guard(ports, 'it does not show its running-config, sessions and time')
  const why = notFree(before, await run.free())
  if (why !== undefined) throw guard(ports, why)
  const image = imageIn(before)
  const start: KitStart = {
    eos: before.eos,
    isTyped: before.isTyped,
    checkpoints: before.checkpoints,
    ...(image === undefined ? {} : { image }),
  }
  run.writeHead(before, start)
  if (!(await run.backUp())) throw guard(ports, `it does not keep running-config in ${BACKUP}`)
  const results: ProbeResult[] = []
  let left: readonly string[] | undefined = []
  let stopped: string | undefined
  for (const probe of probes) {
    await ports.begins(probe, start)
    results.push(await run.tried(probe, start))
    left = await run.leftBehind(before, probe)
    await ports.ended(probe, left)
    const hasMore = probe !== probes.at(-1)
    if (left?.length !== 0 || (hasMore && ports.stops())) stopped = probe.id
    if (stopped !== undefined) break
  }
  if (left?.length === 0) left = await run.forgetBackUp()
  ports.record({
    kind: 'end',
    remains: (left ?? [`${ports.name} could not be read`]).map(ports.scrub),
    ...(stopped === undefined ? {} : { stopped }),
  })
  const { eos, model } = before
  return {
    device: ports.name,
    eos,
    model,
    probes: results,
    remains: left,
    ...(stopped === undefined ? {} : { stopped }),
  }
}

function guard({ name }: KitPorts, why: string): EosflowError {
  return new EosflowError('guard', `${name}: nothing is tried on it: ${why}`, {
    device: name,
    hint: 'Take away what is named, save the configuration, then try again.',
  })
}

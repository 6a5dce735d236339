import { definedMembers } from '../../../model/defined-members.ts'
import { EosflowError } from '../../../model/error.ts'
import { BACKUP, type Bench, imageIn, notFree } from './bench.ts'
import type { KitStart, ProbeResult } from './contract/finding.ts'
import type { Probe } from './contract/probe.ts'
import { KitConversation, type KitPorts } from './conversation.ts'

export interface KitRun {
  readonly device: string
  readonly eos: string
  readonly model: string
  readonly probes: readonly ProbeResult[]
  readonly stopped?: string
  /** How the switch differs from before; undefined where it could not be read. */
  readonly remains: readonly string[] | undefined
}

/** Tries probes on one switch, one after the other. Behind each the switch is read: where it is not as before, nothing more is tried. */
export async function runKit(ports: KitPorts, probes: readonly Probe[]): Promise<KitRun> {
  const run = new KitConversation(ports)
  const before = await run.read()
  if (before === undefined) throw guard(ports, 'it does not show its running-config, sessions and time')
  const why = notFree(before, await run.free())
  if (why !== undefined) throw guard(ports, why)
  const start = startOf(before, ports)
  run.writeHead(before, start)
  if (!(await run.backUp())) throw guard(ports, `it does not keep running-config in ${BACKUP}`)
  const { results, left, ...end } = await tryInTurn(ports, run, { before, start, probes })
  const remains = left?.length === 0 ? await run.forgetBackUp() : left
  const told = (remains ?? [`${ports.name} could not be read`]).map(ports.scrub)
  ports.record({ kind: 'end', remains: told, ...end })
  const { eos, model } = before
  return { device: ports.name, eos, model, probes: results, remains, ...end }
}

function startOf(before: Bench, { password }: KitPorts): KitStart {
  const { eos, isTyped, checkpoints } = before
  const image = imageIn(before)
  return { eos, isTyped, checkpoints, password, ...definedMembers({ image }) }
}

interface Turns {
  readonly before: Bench
  readonly start: KitStart
  readonly probes: readonly Probe[]
}

// Tries probes until one has left the switch otherwise than before, or somebody wants it to stop.
async function tryInTurn(ports: KitPorts, run: KitConversation, { before, start, probes }: Turns) {
  const results: ProbeResult[] = []
  let left: readonly string[] | undefined = []
  for (const probe of probes) {
    const without = missing(probe, results)
    if (without !== undefined) {
      results.push(without)
      continue
    }
    await ports.begins(probe, start)
    results.push(await run.tried(probe, start))
    left = await run.leftBehind(before, probe)
    await ports.ended(probe, left)
    const hasMore = probe !== probes.at(-1)
    if (left?.length !== 0 || (hasMore && ports.stops())) return { results, left, stopped: probe.id }
  }
  return { results, left }
}

function missing({ id, requires, behind }: Probe, results: readonly ProbeResult[]): ProbeResult | undefined {
  const findings = results.flatMap((result) => result.findings)
  const refuting = findings.find(({ row, holds }) => (row === requires || row === behind) && !holds)
  const isProven = behind === undefined || findings.some(({ row }) => row === behind)
  if (refuting === undefined && isProven) return undefined
  const why = refuting?.says ?? `\`${behind}\` was not proven in this run`
  return { probe: id, findings: [], skipped: [], failure: `it is not tried where ${why}` }
}

function guard({ name }: KitPorts, why: string) {
  return new EosflowError('guard', `${name}: nothing is tried on it: ${why}`, {
    device: name,
    hint: 'Take away what is named, save the configuration, then try again.',
  })
}

import type { Look } from '../device/device.ts'
import type { Clock } from '../model/clock.ts'
import { EosflowError } from '../model/error.ts'
import { isJsonObject, type Json, type JsonObject } from '../model/json.ts'
import type { OtherSide, OtherSidePort } from './before-push.ts'
import type { CheckPort } from './context.ts'
import { sessionPrefix } from './session-name.ts'

/** What is read of both sides. */
export const FITNESS_AREAS = ['mlag', 'bgp', 'traffic'] as const

/** A side that is not fit may be so a moment later: it is looked at so often, so many milliseconds apart. */
const LOOKS = 4
const PAUSE = 2_000

/** Who asks, and by what. */
export interface OtherSideTerms {
  readonly execution: string
  readonly checks: Pick<CheckPort, 'readAreas'>
  readonly clock: Pick<Clock, 'sleep'>
  readonly signal: AbortSignal
  readonly port: OtherSidePort
}

/** Requires that what backs switches up is fit to carry their traffic. Throws `guard`, with all that is wrong, where it stays unfit. */
export async function requireOtherSides(terms: OtherSideTerms, sides: readonly OtherSide[]): Promise<void> {
  for (let looks = 1; ; looks += 1) {
    const faults = (await Promise.all(sides.map((side) => faultsOf(terms, side)))).flat()
    if (faults.length === 0) return
    if (looks === LOOKS) throw unfit(faults)
    await terms.clock.sleep(PAUSE, terms.signal)
  }
}

/** Requires that no other execution holds what backs a switch up. Throws `guard`. */
export async function requireFreeSide(
  port: Pick<OtherSidePort, 'heldBy'>,
  { device, partners }: OtherSide,
): Promise<void> {
  const holders = await Promise.all(partners.map(async (partner) => [partner, await port.heldBy(partner)] as const))
  const faults = holders.flatMap(([partner, holder]) =>
    holder === undefined ? [] : [`${partner}, which backs ${device} up, is changed by ${holder}`],
  )
  if (faults.length > 0) throw unfit(faults)
}

async function faultsOf(terms: OtherSideTerms, { device, partners, uplinks }: OtherSide): Promise<readonly string[]> {
  const found = await Promise.all(
    partners.map(async (partner) => {
      const faults = await partnerFaults(terms, { device, partner, uplinks })
      return faults.map((fault) => `${partner}, which backs ${device} up, ${fault}`)
    }),
  )
  return found.flat()
}

async function partnerFaults(
  { execution, checks, port }: OtherSideTerms,
  { device, partner, uplinks }: { readonly device: string; readonly partner: string; readonly uplinks: number },
): Promise<readonly string[]> {
  const holder = await port.heldBy(partner)
  if (holder !== undefined) return [`is changed by ${holder}`]
  const look = await lookAt(port, partner)
  if (typeof look === 'string') return [look]
  const { armed } = look.sessions
  const isForeign = armed !== undefined && !armed.session.startsWith(sessionPrefix(execution))
  const state = checks.readAreas(FITNESS_AREAS, look.replies)
  const carried = uplinkRate(state.traffic)
  const faults = [
    ...(isForeign ? [`is under a commit timer (session ${armed.session})`] : []),
    ...mlagFaults(state.mlag),
    ...bgpFaults(state.bgp),
  ]
  if (carried === 0 || faults.length > 0) return faults
  const own = await lookAt(port, device)
  if (typeof own === 'string') return []
  const both = carried + uplinkRate(checks.readAreas(FITNESS_AREAS, own.replies).traffic)
  const share = Math.round((100 * carried) / both)
  return share < uplinks ? [] : [`carries ${share} % of what the uplinks of both carry: less than ${uplinks} % may be`]
}

async function lookAt(port: OtherSidePort, name: string): Promise<Look | string> {
  try {
    return await port.look(name)
  } catch (error) {
    if (error instanceof EosflowError) return `could not be asked: ${error.message}`
    throw error
  }
}

/** What the pair says of itself; a switch without MLAG says nothing. */
function mlagFaults(mlag: Json | undefined): readonly string[] {
  if (!isJsonObject(mlag) || mlag.state === 'disabled') return []
  if (typeof mlag.unreadable === 'string') return [`does not show its MLAG: ${mlag.unreadable}`]
  const wanted: Readonly<Record<string, string>> = { state: 'active', negotiation: 'connected', peerLink: 'up' }
  return Object.entries(wanted).flatMap(([key, good]) =>
    mlag[key] === good ? [] : [`has an MLAG ${key} that is ${String(mlag[key])}, not ${good}`],
  )
}

function bgpFaults(bgp: Json | undefined): readonly string[] {
  if (!isJsonObject(bgp)) return []
  if (typeof bgp.unreadable === 'string') return [`does not show its BGP peers: ${bgp.unreadable}`]
  const down = Object.entries(bgp).flatMap(([vrf, peers]) =>
    Object.entries(isJsonObject(peers) ? peers : {}).flatMap(([peer, said]) =>
      isJsonObject(said) && said.state !== 'Established' ? [`${peer} in ${vrf} is ${String(said.state)}`] : [],
    ),
  )
  return down.length === 0 ? [] : [`has BGP peers that are down: ${down.slice(0, 5).join(', ')}`]
}

/** Bits per second of all routed ports, in and out. */
function uplinkRate(traffic: Json | undefined): number {
  const routed = isJsonObject(traffic) ? traffic.routed : undefined
  const ports = isJsonObject(routed) ? Object.values(routed).filter(isJsonObject) : []
  const rate = (port: JsonObject): number => Number(port.in ?? 0) + Number(port.out ?? 0)
  return ports.reduce((sum, port) => sum + rate(port), 0)
}

function unfit(faults: readonly string[]): EosflowError {
  return new EosflowError('guard', `the other side is not fit to carry the traffic: ${faults.join('; ')}`, {
    hint: 'Nothing of this wave was pushed. Mend that and redrive; or say `fitness: off` in `rollout`, where it does not matter.',
  })
}

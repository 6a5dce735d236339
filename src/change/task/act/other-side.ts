import type { Reply } from '../../../eos/device/device.ts'
import type { Clock } from '../../../model/clock.ts'
import type { Command } from '../../../model/command.ts'
import { EosflowError } from '../../../model/error.ts'
import { isJsonObject, type Json, type JsonObject } from '../../../model/json.ts'
import { sessionPrefix } from './act.ts'
import type { CheckPort, OtherSide, OtherSidePort } from './context.ts'

const FITNESS_AREAS = ['mlag', 'bgp', 'traffic'] as const

export function fitnessCommands(checks: Pick<CheckPort, 'areaCommands'>): readonly Command[] {
  return [...checks.areaCommands(FITNESS_AREAS), { cmd: 'show maintenance', revision: 1 }]
}

type FitnessState = ReturnType<CheckPort['readAreas']>

// A side that is not fit may be so a moment later: it is looked at so often, so many milliseconds apart.
const LOOKS = 4
const PAUSE = 2_000

export interface OtherSideTerms {
  readonly execution: string
  readonly checks: Pick<CheckPort, 'readAreas'>
  readonly clock: Pick<Clock, 'sleep'>
  readonly signal: AbortSignal
  readonly port: OtherSidePort
}

/** Throws `guard`, with all that is wrong, where it stays unfit. */
export async function requireOtherSides(terms: OtherSideTerms, sides: readonly OtherSide[]): Promise<void> {
  for (let looks = 1; ; looks += 1) {
    const faults = (await Promise.all(sides.map((side) => faultsOf(terms, side)))).flat()
    if (faults.length === 0) return
    if (looks === LOOKS) throw unfit(faults)
    await terms.clock.sleep(PAUSE, terms.signal)
  }
}

/** Throws `guard`. */
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

async function faultsOf(terms: OtherSideTerms, { device, partners, uplinks }: OtherSide) {
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
) {
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
    ...maintenanceFaults(look.replies.at(-1)),
    ...mlagFaults(state.mlag),
    ...bgpFaults(state.bgp),
  ]
  const isSilent = carried === 0 && !isDisabled(state.mlag) && !isWithoutPeers(state.bgp)
  if (faults.length > 0 || isSilent) return faults
  const own = await lookAt(port, device)
  if (typeof own === 'string') return []
  const mine = checks.readAreas(FITNESS_AREAS, own.replies)
  return [...lackingFaults(device, state, mine), ...shareFaults(carried, mine.traffic, uplinks)]
}

function lackingFaults(device: string, its: FitnessState, { mlag, bgp }: FitnessState) {
  const hasMlag = isJsonObject(mlag) && typeof mlag.state === 'string' && !isDisabled(mlag)
  const hasPeers = isJsonObject(bgp) && bgp.unreadable === undefined && !isWithoutPeers(bgp)
  return [
    ...(hasMlag && isDisabled(its.mlag) ? [`has its MLAG disabled, and ${device} has not`] : []),
    ...(hasPeers && isWithoutPeers(its.bgp) ? [`has no BGP peer, and ${device} has`] : []),
  ]
}

function shareFaults(carried: number, own: Json | undefined, uplinks: number) {
  const isRead = isJsonObject(own) && own.unreadable === undefined
  if (carried === 0 || !isRead) return []
  const share = Math.round((100 * carried) / (carried + uplinkRate(own)))
  return share < uplinks ? [] : [`carries ${share} % of what the uplinks of both carry: less than ${uplinks} % may be`]
}

async function lookAt(port: OtherSidePort, name: string) {
  try {
    return await port.look(name)
  } catch (error) {
    if (error instanceof EosflowError) return `could not be asked: ${error.message}`
    throw error
  }
}

const isDisabled = (mlag: Json | undefined) => isJsonObject(mlag) && mlag.state === 'disabled'

const isWithoutPeers = (bgp: Json | undefined) => isJsonObject(bgp) && Object.keys(bgp).length === 0

// The units that are not in service (docs/eos.md 6.2).
function maintenanceFaults(reply: Reply | undefined) {
  const units = reply?.ok === true && isJsonObject(reply.json) ? reply.json.units : undefined
  const away = Object.entries(isJsonObject(units) ? units : {}).flatMap(([name, unit]) =>
    isJsonObject(unit) && (unit.state !== 'active' || unit.adminState !== 'active') ? [name] : [],
  )
  return away.length === 0 ? [] : [`is under maintenance: ${away.join(', ')}`]
}

function mlagFaults(mlag: Json | undefined) {
  if (!isJsonObject(mlag) || isDisabled(mlag)) return []
  if (typeof mlag.unreadable === 'string') return [`does not show its MLAG: ${mlag.unreadable}`]
  const wanted: Readonly<Record<string, string>> = { state: 'active', negotiation: 'connected', peerLink: 'up' }
  return Object.entries(wanted).flatMap(([key, good]) =>
    mlag[key] === good ? [] : [`has an MLAG ${key} that is ${String(mlag[key])}, not ${good}`],
  )
}

function bgpFaults(bgp: Json | undefined) {
  if (!isJsonObject(bgp)) return []
  if (typeof bgp.unreadable === 'string') return [`does not show its BGP peers: ${bgp.unreadable}`]
  const down = Object.entries(bgp).flatMap(([vrf, peers]) =>
    Object.entries(isJsonObject(peers) ? peers : {}).flatMap(([peer, said]) =>
      isJsonObject(said) && said.state !== 'Established' ? [`${peer} in ${vrf} is ${String(said.state)}`] : [],
    ),
  )
  return down.length === 0 ? [] : [`has BGP peers that are down: ${down.slice(0, 5).join(', ')}`]
}

// Bits per second of all routed ports, in and out.
function uplinkRate(traffic: Json | undefined) {
  const routed = isJsonObject(traffic) ? traffic.routed : undefined
  const ports = isJsonObject(routed) ? Object.values(routed).filter(isJsonObject) : []
  const rate = (port: JsonObject) => Number(port.in ?? 0) + Number(port.out ?? 0)
  return ports.reduce((sum, port) => sum + rate(port), 0)
}

function unfit(faults: readonly string[]) {
  return new EosflowError('guard', `the other side is not fit to carry the traffic: ${faults.join('; ')}`, {
    hint: 'Nothing of this wave was pushed. Mend that and redrive; or say `fitness: off` in `rollout`, where it does not matter.',
  })
}

import type { Command } from '../../model/command.ts'
import { isJsonObject, type Json } from '../../model/json.ts'
import type { LastingChanges } from '../../model/network-reading.ts'
import type { Reply } from '../device/device.ts'
import type { CheckContext } from './area/define.ts'
import { stateAreas } from './area/index.ts'
import { commandsOfAreas, readAreas } from './area/read-areas.ts'
import { besideTheChange, isExpectation } from './builtin/beside.ts'
import type { CheckSpec } from './builtin/catalog.ts'
import { AreaExpectation } from './expect/expectation.ts'
import { flapped, standings, upSince } from './expect/up-since.ts'
import type { StateChange } from './finding/compare.ts'
import { variantsOf } from './per-switch.ts'
import { commandsFor, commandsOf, judgeAll, refusedBy } from './run.ts'

/** What expectations allow to come, go or change, and do not demand, by state area. */
export function allowedBy(specs: readonly CheckSpec[]): Readonly<Record<string, readonly string[]>> {
  const expected = specs.filter(isExpectation).flatMap(({ input }) => {
    const areas = isJsonObject(input) ? input.expected : undefined
    return isJsonObject(areas) ? Object.entries(areas) : []
  })
  return Object.fromEntries(expected.map(([area, one]) => [area, AreaExpectation.safeParse(one).data?.allowed ?? []]))
}

// What was counted meanwhile stays counted when everything else is as before.
const COUNTS: ReadonlySet<string | undefined> = new Set(['linkChanges', 'topologyChanges'])

function lastingChanges(
  areas: readonly string[],
  before: Readonly<Record<string, Json>>,
  now: Readonly<Record<string, Json>>,
): LastingChanges {
  const changes: StateChange[] = []
  const unread: string[] = []
  for (const { name, describe } of stateAreas.filter((area) => areas.includes(area.name))) {
    const comparison = describe(before[name], now[name])
    if (comparison.comparable) changes.push(...comparison.changes.filter(({ attribute }) => !COUNTS.has(attribute)))
    else unread.push(comparison.text)
  }
  return {
    differences: changes.map(({ text }) => text),
    latched: changes.flatMap((change) => latchOf(change) ?? []),
    unread,
  }
}

// What keeps a state by itself: a peer that has sent more routes than `maximum-routes` allows is Idle until somebody clears it
// (docs/adr/0103), and an errdisabled port is down until somebody shuts it down and up, or `errdisable recovery` does.
function latchOf({ subject, vrf, attribute, was, is }: StateChange) {
  if (attribute === 'state' && is === 'Idle' && vrf !== undefined) {
    const scope = vrf === 'default' ? '' : ` vrf ${vrf}`
    return `BGP ${subject}: where \`show ip bgp neighbors ${subject}${scope}\` says that it had too many routes, it stays so until somebody types \`clear ip bgp ${subject}${scope}\``
  }
  if (attribute === 'state' && was === 'Established' && vrf !== undefined)
    return `BGP ${subject}: the other end may keep it down, as where it had too many routes: whoever runs that one sees it there, and clears it there`
  if (attribute === 'link' && is === 'errdisabled') {
    return `${subject}: \`show interfaces status errdisabled\` says why; it stays so until somebody types \`shutdown\` and \`no shutdown\` on interface ${subject}`
  }
  if (subject === 'mlag' && attribute === 'state') {
    return `MLAG: \`show mlag detail\` says whether a reload-delay runs, or both switches are primary`
  }
  return undefined
}

/** The checks of an execution and the state areas, as its tasks see them. */
export function checkPort(specs: readonly CheckSpec[]) {
  const commands = commandsOf(specs)
  const beside = specs.map(besideTheChange)
  const allowed = allowedBy(specs)
  return {
    commands,
    commandsFor: (device: string) => commandsFor(specs, device),
    refused: async (asked: readonly Command[], replies: readonly Reply[], given: CheckContext) =>
      refusedBy(specs, { commands: asked, replies }, given),
    compared: comparedIn(specs),
    judge: async (replies: readonly Reply[], given: CheckContext) => judgeAll(specs, replies, given),
    judgeBeside: async (replies: readonly Reply[], given: CheckContext) => judgeAll(beside, replies, given),
    upSince: (replies: readonly Reply[]) => upSince(commands, replies, allowed),
    flapped,
    standings,
    upBefore,
    areaCommands: commandsOfAreas,
    readAreas,
    lastingChanges,
  }
}

function comparedIn(specs: readonly CheckSpec[]) {
  const places = specs.flatMap((spec, place) => (isExpectation(spec) ? [place] : []))
  const inputs = places.flatMap((place) => {
    const spec = specs[place]
    return spec === undefined
      ? []
      : variantsOf(spec)
          .map(({ input }) => input)
          .filter(isJsonObject)
  })
  if (inputs.length === 0) return undefined
  const areas = inputs.flatMap((input) => (Array.isArray(input.areas) ? input.areas.map(String) : []))
  const everythingElse = inputs.some((input) => input.everythingElse === 'unchanged')
  return { areas: [...new Set(areas)], everythingElse, places }
}

// The sessions and ports that were up by these state areas, as `standings` of expect/up-since.ts calls them.
function upBefore(areas: Readonly<Record<string, Json>>) {
  const { bgp, interfaces, ospf, mlag } = areas
  return [
    ...membersOf(bgp).flatMap(([vrf, peers]) =>
      upIn(peers, 'state', 'Established').map((name) => `BGP ${name} in ${vrf}`),
    ),
    ...upIn(interfaces, 'link', 'connected').map((name) => `interface ${name}`),
    ...membersOf(ospf).flatMap(([vrf, all]) => upIn(all, 'state', 'full').map((name) => `OSPF ${name} in ${vrf}`)),
    ...(isJsonObject(mlag) && mlag.state === 'active' ? ['MLAG'] : []),
  ]
}

function upIn(things: Json | undefined, member: string, word: string) {
  return membersOf(things).flatMap(([name, one]) => (isJsonObject(one) && one[member] === word ? [name] : []))
}

function membersOf(value: Json | undefined): readonly (readonly [string, Json])[] {
  return value !== undefined && isJsonObject(value) ? Object.entries(value) : []
}

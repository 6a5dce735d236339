import type { ConfigTree } from '../../eos/config/text/tree.ts'
import { gathered, isJsonObject, type Json } from '../../model/json.ts'
import type { ComparedEvidence } from './seal.ts'

export interface RedundantPair {
  readonly pair: readonly [string, string]
  readonly because: string
}

/** `because` is what shows that. */
export interface RedundantSides {
  readonly sides: readonly [readonly string[], readonly string[]]
  readonly because: string
}

const MOST_ALIKE = 100

interface Mlag {
  readonly domain: string
  readonly own: string
  readonly peer: string
  readonly peerLink: ReadonlySet<string>
}

interface Place {
  readonly name: string
  readonly hostname: string
  readonly mlag: Mlag | undefined
  readonly lldp: readonly { readonly port: string; readonly device: string }[] | undefined
}

/** The selected switches that back each other up, by tag and by what they show: MLAG peers (whom LLDP names on the peer link, else by their configuration, unless {@link redundantSides} has them), and two switches without MLAG that alone hear the same neighbour, which is then cut off when both fail. `silent`: switches without evidence that the others may name. */
export function redundantPairs(
  evidence: readonly ComparedEvidence[],
  groups: Readonly<Record<string, string>>,
  silent: readonly string[] = [],
  isAsked: (device: string) => boolean = () => true,
): readonly RedundantPair[] {
  const places = evidence.map(placeOf)
  const nameOf = namesOf([...places, ...silent.map((name) => ({ name, hostname: systemName(name) }))])
  const sidesOf = sidesIn(places.filter(({ name }) => isAsked(name)))
  const mlag = places.flatMap((place) => mlagPairs(place, sidesOf, nameOf))
  const found = [...taggedPairs(Object.entries(groups)), ...mlag, ...sharedNeighbors(places, nameOf)]
  const known = new Map<string, RedundantPair>()
  for (const one of found) {
    const key = one.pair.join('\n')
    if (!known.has(key)) known.set(key, one)
  }
  return [...known.values()]
}

export function redundantSides(
  evidence: readonly ComparedEvidence[],
  isAsked: (device: string) => boolean = () => true,
): readonly RedundantSides[] {
  const places = evidence.filter(({ device }) => isAsked(device)).map(placeOf)
  const sidesOf = sidesIn(places)
  const known = new Set<readonly string[]>()
  return places.flatMap(({ mlag, lldp }): RedundantSides[] => {
    if (mlag === undefined || heardOnPeerLink(mlag, lldp).length > 0) return []
    const [own, others] = sidesOf(mlag)
    if (!isMany([own, others]) || known.has(own) || known.has(others)) return []
    known.add(own)
    const { domain, own: address, peer } = mlag
    const because = `all have the MLAG domain ${domain}, ${address} and ${peer}`
    return [{ sides: [own, others], because }]
  })
}

function isMany([own, others]: RedundantSides['sides']) {
  const pairs = own === others ? (own.length * (own.length - 1)) / 2 : own.length * others.length
  return pairs > MOST_ALIKE
}

function heardOnPeerLink({ peerLink }: Mlag, lldp: Place['lldp']) {
  return lldp?.filter(({ port }) => peerLink.has(port)).map(({ device }) => device) ?? []
}

function pairOf(a: string, b: string, because: string): RedundantPair {
  return { pair: a < b ? [a, b] : [b, a], because }
}

export function taggedPairs(tags: readonly (readonly [string, string])[]): RedundantPair[] {
  const groups = new Map<string, string[]>()
  return tags
    .toReversed()
    .flatMap(([a, tag]) => {
      const later = groups.get(tag) ?? []
      groups.set(tag, [a, ...later])
      return [later.map((b) => pairOf(a, b, `both are tagged ${tag}`))]
    })
    .toReversed()
    .flat()
}

type SidesOf = (mine: Mlag) => RedundantSides['sides']

function sidesIn(places: readonly Place[]): SidesOf {
  const keyOf = (domain: string, own: string, peer: string) => JSON.stringify([domain, own, peer])
  const known = gathered(
    places.flatMap(({ name, mlag }) =>
      mlag === undefined ? [] : [[keyOf(mlag.domain, mlag.own, mlag.peer), name] as const],
    ),
  )
  const configured = (domain: string, own: string, peer: string) => known.get(keyOf(domain, own, peer)) ?? []
  return ({ domain, own, peer }) => [configured(domain, own, peer), configured(domain, peer, own)]
}

function mlagPairs(place: Place, sidesOf: SidesOf, nameOf: (heard: string) => string | undefined) {
  const { name, mlag, lldp } = place
  if (mlag === undefined) return []
  const heard = heardOnPeerLink(mlag, lldp)
  const sides = sidesOf(mlag)
  const byConfig = isMany(sides) ? [] : sides[1]
  const peers = heard.length > 0 ? heard.flatMap((device) => nameOf(device) ?? []) : byConfig
  return peers.filter((peer) => peer !== name).map((peer) => pairOf(name, peer, 'they are MLAG peers'))
}

// A management switch is heard by everybody and carries nothing that MLAG or a second uplink would.
function sharedNeighbors(places: readonly Place[], nameOf: (heard: string) => string | undefined): RedundantPair[] {
  const heard = places
    .filter(({ mlag }) => mlag === undefined)
    .flatMap(({ name, lldp = [] }) =>
      lldp
        .filter(({ port }) => !port.startsWith('Management'))
        .map(({ device }) => ({ by: name, neighbor: nameOf(device) ?? systemName(device) })),
    )
  const hearers = new Map<string, Set<string>>()
  for (const { by, neighbor } of heard) hearers.set(neighbor, (hearers.get(neighbor) ?? new Set()).add(by))
  return [...hearers].flatMap(([neighbor, all]) => {
    const [a, b, ...others] = all
    if (a === undefined || b === undefined || others.length > 0) return []
    return [pairOf(a, b, `of the selected switches they alone hear ${neighbor}`)]
  })
}

function placeOf({ device, state, comparison: { before } }: ComparedEvidence): Place {
  const disabled = isJsonObject(state.mlag) && state.mlag.state === 'disabled'
  return {
    name: device,
    hostname: systemName(valueIn(before, 'hostname ') ?? device),
    mlag: disabled ? undefined : mlagIn(before),
    lldp: neighborsIn(state.lldp),
  }
}

function valueIn({ children }: Pick<ConfigTree, 'children'>, key: string) {
  return children.find(({ line }) => line.startsWith(key))?.line.slice(key.length)
}

function mlagIn(tree: ConfigTree): Mlag | undefined {
  const block = tree.children.find(({ line }) => line === 'mlag configuration')
  if (block === undefined) return undefined
  const name = valueIn(block, 'local-interface ') ?? ''
  const local = tree.children.find(({ line }) => line === `interface ${name}`)
  const peerLink = valueIn(block, 'peer-link ') ?? ''
  const group = /^Port-Channel(\d+)$/.exec(peerLink)?.[1]
  const members = tree.children.flatMap(({ line, children }) =>
    group !== undefined && children.some((child) => child.line.startsWith(`channel-group ${group} `))
      ? [line.replace(/^interface /, '')]
      : [],
  )
  return {
    domain: valueIn(block, 'domain-id ') ?? '',
    own: (local === undefined ? undefined : valueIn(local, 'ip address '))?.replace(/\/.*$/, '') ?? '',
    peer: block.children.flatMap(({ line }) => /^peer-address (\d\S*)$/.exec(line)?.[1] ?? [])[0] ?? '',
    peerLink: new Set([peerLink, ...members]),
  }
}

function neighborsIn(area: Json | undefined) {
  if (!isJsonObject(area) || typeof area.unreadable === 'string') return undefined
  return Object.entries(area).flatMap(([port, heard]) =>
    (Array.isArray(heard) ? heard : []).flatMap((one) =>
      isJsonObject(one) && typeof one.device === 'string' ? [{ port, device: one.device }] : [],
    ),
  )
}

function namesOf(places: readonly Pick<Place, 'name' | 'hostname'>[]): (heard: string) => string | undefined {
  const names = new Map(places.map(({ hostname, name }) => [hostname, name]))
  return (heard) => names.get(systemName(heard))
}

function systemName(name: string) {
  return name.replace(/\..*$/, '').toLowerCase()
}

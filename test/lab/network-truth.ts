import type { JournalEvent, SwitchState } from './sources.ts'

/** What a simulated switch has in an area by its converged state, and not by an answer that it gives. */
const TRUTHS: Readonly<Record<string, (state: SwitchState) => unknown>> = {
  interfaces: ({ interfaces }) =>
    [...interfaces.values()].map(({ name, status, bandwidth, mode }) => [name, status, bandwidth, mode]),
  bgp: ({ bgp }) =>
    [...bgp].flatMap(([vrf, { peers }]) =>
      [...peers.values()].map(({ address, state, asn, families }) => [
        vrf,
        address,
        state === 'Established',
        asn,
        [...families].map(([family, { state: of }]) => [family, of]),
      ]),
    ),
  'bgp-prefixes': ({ bgp }) =>
    [...bgp].flatMap(([vrf, { peers }]) =>
      [...peers.values()].map(({ address, families }) => [
        vrf,
        address,
        [...families].map(([family, { accepted }]) => [family, accepted]),
      ]),
    ),
  'bgp-advertised': ({ bgp }) =>
    [...bgp].flatMap(([vrf, { peers }]) =>
      [...peers.values()].map(({ address, families }) => [
        vrf,
        address,
        [...families].map(([family, { sent }]) => [family, sent()]),
      ]),
    ),
  lldp: ({ lldp }) =>
    lldp.map(({ port, neighborDevice, neighborPort }) => [port, neighborDevice, neighborPort].join(' ')).toSorted(),
  mlag: ({ mlag }) => [mlag.state, mlag.negotiation, mlag.peerLinkStatus, mlag.localInterfaceStatus],
  routes: ({ routes }) =>
    [...routes].map(([vrf, all]) => [
      vrf,
      [...all.values()].map(({ prefix, vias }) => [prefix, vias.map((via) => [via.nexthop, via.interface])]),
    ]),
  vlan: ({ vlans }) => [...vlans.values()].map(({ id, name, status, ports }) => [id, name, status, ports]),
}

/** What was said of a network behind a put-back, and whether it is as it was when the plan was made, in the areas that were read. */
export interface ToldNetwork {
  readonly device: string
  readonly word: 'same' | 'differs' | 'unknown' | 'not-looked-at'
  /** Undefined where an area was read whose truth is not known here, and what is known is as before. */
  readonly isSame: boolean | undefined
}

/** Hears the records of executions, and holds each word of a network against what the simulated network is at that moment. */
export function networkTruths(
  stateOf: (device: string) => SwitchState,
  names: readonly string[],
): {
  readonly told: ToldNetwork[]
  saw(events: readonly JournalEvent[]): void
} {
  const told: ToldNetwork[] = []
  const before = new Map<string, ReadonlyMap<string, string>>()
  const planOf = new Map<string | undefined, string>()
  const truths = (device: string) => {
    const state = stateOf(device)
    return new Map(Object.entries(TRUTHS).map(([area, of]) => [area, JSON.stringify(of(state))]))
  }
  const judge = (event: JournalEvent & { readonly type: 'NetworkRead' }) => {
    const was = before.get(`${planOf.get(event.execution)} ${event.device}`)
    const is = truths(event.device)
    const known = event.areas.filter((area) => is.has(area))
    const isSame = was === undefined ? undefined : known.every((area) => was.get(area) === is.get(area))
    const isSure = isSame !== true || known.length === event.areas.length
    return { device: event.device, word: event.network, isSame: isSure ? isSame : undefined }
  }
  return {
    told,
    saw: (events) => {
      for (const event of events) {
        if (event.type === 'NetworkRead') told.push(judge(event))
        if (event.type !== 'PlanMade') continue
        planOf.set(event.execution, event.digest)
        // A plan that somebody has altered names whatever they have written.
        for (const device of event.waves.flat().filter((name) => names.includes(name))) {
          const key = `${event.digest} ${device}`
          if (!before.has(key)) before.set(key, truths(device))
        }
      }
    },
  }
}

/** The words that were not true: `unknown` and `not-looked-at` claim nothing. */
export function untrue(told: readonly ToldNetwork[]): readonly ToldNetwork[] {
  return told.filter(
    ({ word, isSame }) => (word === 'same' && isSame === false) || (word === 'differs' && isSame === true),
  )
}

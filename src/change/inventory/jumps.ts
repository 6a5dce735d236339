import { z } from 'zod'
import type { Hop } from '../../eos/device/device.ts'
import type { Place, Problem } from '../../model/error.ts'
import { ownMember } from '../../model/json.ts'
import { shown } from '../../text/source/duration.ts'
import { type LocatedValue, type Path, placeOf } from '../../text/source/located.ts'
import { didYouMean } from '../../text/source/suggest.ts'
import { circlesOf } from '../roster/hosts/roster.ts'
import { oneSpelling } from './host-problem.ts'
import { isLoopback } from './switch/secret-settings.ts'
import { switchName as name } from './switch/switch-name.ts'
import { hostKeyMode, sshPort, transportSettings } from './transports.ts'

const MOST = 8

export const viaSetting = z
  .union([name, z.array(name).max(MOST)])
  .optional()
  .describe(
    'The jump host that leads there: a name under `jumps`, or a list of names, the first one first. `[]`: none, it is reached directly.',
  )
  .meta({ examples: ['bastion', ['bastion', 'core']] })

export const jumpSettings = z.record(
  name,
  z.strictObject({
    host: shown(z.string(), 'Address or name of the jump host, as the host before it knows it.', '192.0.2.1'),
    port: sshPort,
    credentials: shown(z.string(), 'Who logs in there: a name under `credentials`.', 'jumper'),
    ssh: transportSettings.ssh,
    via: viaSetting,
  }),
)

export interface WrittenWays {
  readonly jumps: z.output<typeof jumpSettings>
  readonly defaults: { readonly via?: Via | undefined }
  readonly groups: Readonly<Record<string, { readonly via?: Via | undefined }>>
  readonly devices: Readonly<Record<string, { readonly via?: Via | undefined }>>
}

export type Via = string | readonly string[]

/** The jump hosts of a `via`, in order; for one that has problems, those of them that can be found. */
export function hopsOf(via: Via | undefined, jumps: WrittenWays['jumps']): readonly Hop[] {
  return chainOf(via, jumps).flatMap((one) => {
    const jump = ownMember(jumps, one)
    if (jump === undefined) return []
    const { host, port, credentials, ssh } = jump
    return [{ name: one, host, port, credentials, hostKey: hostKeyMode(ssh) }]
  })
}

function chainOf(via: Via | undefined, jumps: WrittenWays['jumps']) {
  const chain = [...namesIn(via)]
  while (chain.length <= MOST) {
    const before = namesIn(ownMember(jumps, chain[0] ?? '')?.via)
    if (before.length === 0) return chain
    chain.unshift(...before)
  }
  return chain
}

function namesIn(via: Via | undefined) {
  return via === undefined ? [] : typeof via === 'string' ? [via] : via
}

/** What is wrong with each `via` of an inventory: names that no jump host has, loops by name or by address, and two ways to one jump host. */
export function viaProblems({ jumps, defaults, groups, devices }: WrittenWays, located: LocatedValue): Problem[] {
  const written: readonly (readonly [Path, Via | undefined])[] = [
    ...Object.entries(jumps).map(([of, { via }]) => [['jumps', of, 'via'], via] as const),
    [['defaults', 'via'], defaults.via],
    ...Object.entries(groups).map(([of, { via }]) => [['groups', of, 'via'], via] as const),
    ...Object.entries(devices).map(([of, { via }]) => [['devices', of, 'via'], via] as const),
  ]
  const circles = circlesOf(Object.keys(jumps), (one) => namesIn(ownMember(jumps, one)?.via)).map((circle) => {
    const [before = '', one = ''] = circle.slice(-2)
    return loop(one, circle, placeOf(located, ['jumps', before, 'via']))
  })
  const named = new Set<string>()
  return [
    ...circles,
    ...written.flatMap(([path, via]) => namesIn(via).flatMap((one, index) => unknownJump(one, path, index))),
    ...(circles.length > 0 ? [] : written.flatMap(([path, via]) => wayProblem(path, via))),
  ]

  function unknownJump(one: string, path: Path, index: number): Problem[] {
    if (Object.hasOwn(jumps, one)) return []
    const known = Object.keys(jumps)
    const hint = known.length === 0 ? `write it under \`jumps\`: \`${one}: { host: … }\`` : didYouMean(one, known)
    return [
      {
        code: 'unknown-jump',
        message: `there is no jump host \`${one}\``,
        at: placeOf(located, [...path, index]),
        hint,
      },
    ]
  }

  function wayProblem(path: Path, via: Via | undefined): Problem[] {
    const at = placeOf(located, path)
    const second = namesIn(via)
      .slice(1)
      .find((one) => namesIn(ownMember(jumps, one)?.via).length > 0)
    if (second !== undefined) return [twoWays(second, at)]
    const [, of = ''] = path
    const chain = path[0] === 'jumps' ? [...chainOf(via, jumps), String(of)] : chainOf(via, jumps)
    if (chain.length > MOST) return [tooLong(at)]
    const twice = chain.find((one, index) => chain.indexOf(one) < index)
    return twice === undefined ? addressLoop(chain, at) : [loop(twice, chain, at)]
  }

  function addressLoop(chain: readonly string[], at: Place): Problem[] {
    const hops = hopsOf(chain, jumps)
    const [first, second] = hops.flatMap((hop, index) => {
      const before = hops.slice(0, index).find((one) => isSameAddress(one, hop))
      return before === undefined ? [] : [before, hop]
    })
    const pair = `${first?.name} ${second?.name}`
    if (first === undefined || second === undefined || named.has(pair)) return []
    named.add(pair)
    return [sameAddress(second.name, first, at)]
  }
}

/** `at`: the place of its address. */
export function ownWayProblem(
  device: Pick<Hop, 'name' | 'host' | 'port'>,
  way: readonly Hop[],
  at: Place,
): Problem | undefined {
  const itself = way.find((hop) => isSameAddress(hop, device))
  return itself === undefined ? undefined : sameAddress(device.name, itself, at)
}

type At = Pick<Hop, 'host' | 'port'>

// Loopback, and an address that holds on one link alone (RFC 4291, 2.5.6), are those of another host behind each jump host.
function isSameAddress(one: At, other: At) {
  const host = oneSpelling(one.host)
  if (isLoopback(host) || /^fe[89ab][\da-f]:/.test(host)) return false
  return one.port === other.port && host === oneSpelling(other.host)
}

function loop(one: string, chain: readonly string[], at: Place): Problem {
  return {
    code: 'jump-loop',
    message: `the way to \`${one}\` leads through itself: ${chain.join(' > ')}`,
    at,
    hint: 'take one of them out of `via`',
  }
}

function sameAddress(
  one: string,
  { name: other, host, port }: Pick<Hop, 'name' | 'host' | 'port'>,
  at: Place,
): Problem {
  return {
    code: 'jump-loop',
    message: `the way to \`${one}\` leads through itself: \`${other}\` has its address, ${host} port ${port}`,
    at,
    hint: 'take one of them out of `via`; of two hosts whose networks use one address, write the name of one as its `host`',
  }
}

function twoWays(one: string, at: Place): Problem {
  return {
    code: 'jump-two-ways',
    message: `\`${one}\` is reached through the one before it here, and its own \`via\` says another way`,
    at,
    hint: `write \`via: ${one}\` alone, or take \`via\` out of \`jumps.${one}\``,
  }
}

function tooLong(at: Place): Problem {
  return {
    code: 'jump-too-long',
    message: `a way goes through more than ${MOST} jump hosts`,
    at,
    hint: 'name fewer of them',
  }
}

/** The `via` of a switch: its own, else that of its strongest group that has one, else what its source says, else that of the defaults. */
export function viaOfSwitch(
  written: WrittenWays,
  device: string,
  { groups, sourced }: { readonly groups: readonly string[]; readonly sourced?: Via | undefined },
): Via | undefined {
  const own = ownMember(written.devices, device)?.via
  if (own !== undefined) return own
  const strongest = ['all', ...groups].findLast((one) => ownMember(written.groups, one)?.via !== undefined)
  const around = strongest === undefined ? undefined : ownMember(written.groups, strongest)?.via
  return around ?? sourced ?? written.defaults.via
}

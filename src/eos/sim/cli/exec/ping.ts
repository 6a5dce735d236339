import type { SwitchState } from '../../converge/network-state.ts'
import { type Reply, refused } from '../../platform/facts.ts'
import type { Switch } from '../../switch/switch.ts'
import type { ExecCommand } from '../command/session-verbs.ts'

const DEFAULT_REPEAT = 5
const DEFAULT_SIZE = 100
const HEADERS = 28

/** `ping`: whether an address of another switch answers, by the routing tables of both. */
export function pingCommands(stateOf: (device: Switch) => SwitchState): readonly ExecCommand[] {
  return [
    // Echo requests; the words that ANTA and napalm read (ping as Linux prints it).
    {
      words: 'ping [vrf <vrf>] <destination> [<options...>]',
      run: ({ device }, { vrf = 'default', destination = '', options = '' }): Reply => {
        const state = stateOf(device)
        if (!state.vrfs.has(vrf)) return refused(`VRF ${vrf} does not exist`)
        const text = pinged(destination, vrf, options, state)
        return { ok: true, json: () => ({ messages: [text] }), text: () => text }
      },
    },
  ]
}

function pinged(destination: string, vrf: string, options: string, state: SwitchState) {
  const number = (word: string, otherwise: number) =>
    Number(new RegExp(`${word} (\\d+)`).exec(options)?.[1] ?? otherwise)
  const count = number('repeat', DEFAULT_REPEAT)
  const size = number('size', DEFAULT_SIZE)
  const answers = state.reaches(vrf, destination) ? count : 0
  const source = sourceOf(/source (\S+)/.exec(options)?.[1] ?? /interface (\S+)/.exec(options)?.[1], state)
  const head = `PING ${destination} (${destination})${source} ${size - HEADERS}(${size}) bytes of data.`
  const replies = Array.from(
    { length: answers },
    (_, at) => `${size - 20} bytes from ${destination}: icmp_seq=${at + 1} ttl=64 time=0.1${at % 10} ms`,
  )
  const lost = count === 0 ? 0 : Math.round(((count - answers) / count) * 100)
  return [
    head,
    ...replies,
    '',
    `--- ${destination} ping statistics ---`,
    `${count} packets transmitted, ${answers} received, ${lost}% packet loss, time 0ms`,
    ...(answers > 0 ? ['rtt min/avg/max/mdev = 0.100/0.120/0.140/0.014 ms, ipg/ewma 0.370/0.225 ms'] : []),
    '',
    '',
  ].join('\n')
}

function sourceOf(typed: string | undefined, state: SwitchState) {
  if (typed === undefined) return ''
  const address = state.interfaces.get(typed)?.addresses.primary?.address ?? typed
  return ` from ${address} :`
}

import { isJsonObject, type Json, type JsonObject } from '../../../src/model/json.ts'
import type { CheckCommand } from '../../../src/trial/judge-check.ts'
import { type RecordedSwitch, readLabs } from '../../sim/lab-fabric.ts'
import { configJson } from './config-json.ts'

/** Every recorded switch by the name of its file, for example `eos_ceos_ebgp__r1`. */
export function recordedSwitches(): ReadonlyMap<string, RecordedSwitch> {
  return new Map(
    readLabs().flatMap(({ name, switches }) => switches.map((one) => [`${name}__${one.name}`, one] as const)),
  )
}

/** What the switch answers to the command, of what was recorded of it; null: nobody recorded it. */
export function answerOf(recorded: RecordedSwitch, { command, format }: CheckCommand): Json {
  if (format === 'text') return textOf(recorded, command)
  if (command === 'show running-config') return configJson(recorded.config)
  const answer = recorded.show[`${command} | json`]
  if (isJsonObject(answer as Json)) return answer as JsonObject
  if (typeof answer === 'string') return jsonIn(answer)
  return routesOf(recorded, command)
}

function textOf({ config, show }: RecordedSwitch, command: string): Json {
  if (command === 'show running-config') return config
  const text = show[command]
  return typeof text === 'string' ? text : null
}

/** Some answers were kept as their text; some are what EOS printed instead of one (`% Interface does not exist`). */
function jsonIn(text: string): Json {
  return text.startsWith('{') ? JSON.parse(text) : null
}

/** `show ip route vrf V` and `show ip route vrf V PREFIX`, of the recorded routes of all VRFs. */
function routesOf({ show }: RecordedSwitch, command: string): Json {
  const [, name, wanted] = /^show ip route vrf (\S+)(?: ([\d.]+(?:\/\d+)?))?$/.exec(command) ?? []
  const all = show['show ip route vrf all | json'] as { readonly vrfs: Readonly<Record<string, Vrf>> }
  const vrf = name === undefined ? undefined : all.vrfs[name]
  if (name === undefined || vrf === undefined) return null
  const routes = wanted === undefined ? vrf.routes : routesFor(wanted, vrf.routes)
  return { vrfs: { [name]: { ...vrf, routes } } }
}

interface Vrf extends JsonObject {
  readonly routes: JsonObject
}

/** The route of exactly a prefix; of an address the most specific one that leads to it. */
function routesFor(wanted: string, routes: JsonObject): JsonObject {
  const fitting = wanted.includes('/')
    ? Object.keys(routes).filter((prefix) => prefix === wanted)
    : Object.keys(routes)
        .filter((prefix) => contains(prefix, wanted))
        .sort((one, other) => lengthOf(other) - lengthOf(one))
        .slice(0, 1)
  return Object.fromEntries(fitting.map((prefix) => [prefix, routes[prefix] ?? null]))
}

const lengthOf = (prefix: string): number => Number(prefix.split('/')[1])

const bits = (address: string): string =>
  address
    .split('.')
    .map((octet) => Number(octet).toString(2).padStart(8, '0'))
    .join('')

const contains = (prefix: string, address: string): boolean =>
  bits(address).startsWith(bits(prefix.split('/')[0] ?? '').slice(0, lengthOf(prefix)))

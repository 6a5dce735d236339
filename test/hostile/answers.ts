import type { Device } from '../../src/device/device.ts'
import { EosflowError } from '../../src/model/error.ts'
import { noFence } from '../../src/model/fence.ts'
import { isJsonObject, type Json } from '../../src/model/json.ts'
import { eapiDevice } from '../../src/transport/eapi/eapi-device.ts'
import { type Draw, JSON_BOMBS, WORDS } from './hostile-text.ts'
import type { Fate } from './readers.ts'

/** A value of any type that a switch might give in the place of another. */
function anyJson(draw: Draw): Json {
  const word = draw.of(WORDS)
  return draw.of<Json>([
    word,
    -1,
    1e300,
    9_007_199_254_740_992,
    null,
    true,
    [],
    {},
    [word],
    { [word]: word },
    [[[[[]]]]],
  ])
}

/** The answer with one value in it exchanged; whatever it is, it stays JSON. */
function altered(value: Json, draw: Draw, depth = 0): Json {
  if (depth > 6 || draw.below(6) === 0) return anyJson(draw)
  if (Array.isArray(value)) {
    const at = draw.below(value.length)
    return value.length === 0
      ? anyJson(draw)
      : value.map((item, index) => (index === at ? altered(item, draw, depth + 1) : item))
  }
  if (!isJsonObject(value)) return anyJson(draw)
  const keys = Object.keys(value)
  const key = draw.of(keys)
  return keys.length === 0 ? anyJson(draw) : { ...value, [key]: altered(value[key] ?? null, draw, depth + 1) }
}

/** A body in the place of a good answer: no JSON, deep JSON, or a good one with something else in one place. */
export function hostileBody(good: string, draw: Draw): string {
  if (draw.below(4) === 0) return draw.of(JSON_BOMBS)(draw)
  if (draw.below(6) === 0) return draw.of(WORDS)
  return JSON.stringify(altered(JSON.parse(good) as Json, draw))
}

/** What becomes of a device whose every answer is `body`, whatever is asked. Throws for anything but an EosflowError. */
export async function fateOfAnswer(draw: Draw): Promise<Fate> {
  const sent: string[] = []
  const device = eapiDevice(
    {
      post: async (body) => {
        sent.push(body)
        const { id, params } = JSON.parse(body) as {
          readonly id: string
          readonly params: { readonly cmds: readonly unknown[] }
        }
        const result = params.cmds.map(() => ({ output: 'hostname leaf1\n', version: '4.32.2F', sessions: {} }))
        return hostileBody(JSON.stringify({ jsonrpc: '2.0', id, result }), draw)
      },
      close: () => undefined,
    },
    { name: 'leaf1', fence: noFence },
  )
  const verbs: readonly ((one: Device) => Promise<unknown>)[] = [
    (one) => one.look([{ cmd: 'show vlan' }]),
    (one) => one.readConfig(),
    (one) => one.print(['show version']),
    (one) => one.stage({ session: 'eosflow-1', mode: 'merge', commands: [{ cmd: 'vlan 5' }] }),
    (one) => one.confirm('eosflow-1'),
  ]
  try {
    await draw.of(verbs)(device)
    return 'neutral'
  } catch (thrown) {
    if (thrown instanceof EosflowError && thrown.kind !== 'bug') return 'refused'
    throw thrown
  }
}

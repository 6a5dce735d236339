import { z } from 'zod'
import { isJsonObject, type Json, type JsonObject } from '../../../model/json.ts'
import { natural } from '../../../model/natural-order.ts'
import { once } from '../../../model/once.ts'
import { isRecordOf } from '../answer/plain-shape.ts'
import { became, compareRecords, gainedAndLost } from '../finding/compare.ts'
import { defineArea, inOrder, modelIn } from './define-area.ts'

const COMMAND = { cmd: 'show vlan', revision: 1 }

// `show vlan` (docs/eos.md 6.2).
const model = once(() =>
  z.object({
    vlans: z.record(
      z.string(),
      z.object({
        name: z.string(),
        status: z.string(),
        dynamic: z.boolean().default(false),
        interfaces: z.record(z.string(), z.unknown()).default({}),
      }),
    ),
  }),
)

function isPlain(json: Json): boolean {
  return isJsonObject(json) && isRecordOf(json.vlans, isPlainVlan)
}

function isPlainVlan({ name, status, dynamic, interfaces }: JsonObject): boolean {
  const isWhole = isJsonObject(interfaces) && !Object.hasOwn(interfaces, '__proto__')
  return typeof name === 'string' && typeof status === 'string' && typeof dynamic === 'boolean' && isWhole
}

const state = once(() =>
  z.record(
    z.string(),
    z.strictObject({ name: z.string(), status: z.string(), dynamic: z.boolean(), interfaces: z.array(z.string()) }),
  ),
)

/** `dynamic` ones EOS made itself (for example for a VNI). */
export type VlanState = z.output<ReturnType<typeof state>>

export const vlanArea = defineArea({
  name: 'vlan',
  docs: 'Every VLAN: name, status, and the interfaces that carry it.',
  commands: [COMMAND],
  state,
  tell: ([reply]) => {
    const answer = modelIn(reply, COMMAND, model, isPlain)
    if (!answer.ok) return answer
    const entries = Object.entries(answer.state.vlans).map(
      ([id, { name, status, dynamic, interfaces }]) =>
        [id, { name, status, dynamic, interfaces: Object.keys(interfaces).sort(natural) }] as const,
    )
    return { ok: true, state: inOrder(entries) }
  },
  describe: (before, after) =>
    compareRecords(before, after, {
      thing: (id) => ({ subject: id, label: `VLAN ${id}` }),
      added: ({ name, status, interfaces }) =>
        ` added: ${name}, ${status}, on ${interfaces.join(' ') || 'no interface'}`,
      removed: ({ name }) => ` removed: was ${name}`,
      changed: (vlan, was, is) => [
        ...became(vlan, 'status', [was.status, is.status]),
        ...became(vlan, 'name', [was.name, is.name], { suffix: ' name' }),
        ...became(vlan, 'dynamic', [was.dynamic, is.dynamic], { suffix: ' origin', shown: origin }),
        ...gainedAndLost(vlan, 'interfaces', [was.interfaces, is.interfaces]),
      ],
    }),
})

function origin(dynamic: boolean): string {
  return dynamic ? 'dynamic' : 'configured'
}

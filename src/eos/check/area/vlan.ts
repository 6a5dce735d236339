import { z } from 'zod'
import { isJsonObject, type Json, type JsonObject } from '../../../model/json.ts'
import { natural } from '../../../model/natural-order.ts'
import { isRecordOf } from '../answer/plain-shape.ts'
import { type OutputOf, recordOf, show } from '../answer/show.ts'
import { became, becameEach, compareRecords, gainedAndLost } from '../finding/compare.ts'
import { answerOf, defineArea, eachOf } from './define-area.ts'

// `show vlan` (docs/eos.md 6.2).
const COMMAND = show('show vlan', () => ({
  vlans: recordOf({
    name: z.string(),
    status: z.string(),
    dynamic: z.boolean().default(false),
    interfaces: recordOf(z.unknown()).default({}),
  }),
}))

function isPlain(json: Json) {
  return isJsonObject(json) && isRecordOf(json.vlans, isPlainVlan)
}

function isPlainVlan({ name, status, dynamic, interfaces }: JsonObject) {
  const isWhole = isJsonObject(interfaces) && !Object.hasOwn(interfaces, '__proto__')
  return typeof name === 'string' && typeof status === 'string' && typeof dynamic === 'boolean' && isWhole
}

const state = () =>
  recordOf(
    z.strictObject({ name: z.string(), status: z.string(), dynamic: z.boolean(), interfaces: z.array(z.string()) }),
  )

/** `dynamic` ones EOS made itself (for example for a VNI). */
export type VlanState = OutputOf<typeof state>

export const vlanArea = defineArea({
  name: 'vlan',
  docs: 'Every VLAN: name, status, and the interfaces that carry it.',
  asks: [COMMAND],
  state,
  tell: ([reply]) =>
    eachOf(answerOf(reply, COMMAND, isPlain).vlans, ({ name, status, dynamic, interfaces }) => ({
      name,
      status,
      dynamic,
      interfaces: Object.keys(interfaces).sort(natural),
    })),
  describe: (before, after) =>
    compareRecords(before, after, {
      thing: (id) => ({ subject: id, label: `VLAN ${id}` }),
      added: ({ name, status, interfaces }) =>
        ` added: ${name}, ${status}, on ${interfaces.join(' ') || 'no interface'}`,
      removed: ({ name }) => ` removed: was ${name}`,
      changed: (vlan, was, is) => [
        ...becameEach(vlan, [was, is], { status: '', name: ' name' }),
        ...became(vlan, 'dynamic', [was.dynamic, is.dynamic], { suffix: ' origin', shown: origin }),
        ...gainedAndLost(vlan, 'interfaces', [was.interfaces, is.interfaces]),
      ],
    }),
})

function origin(dynamic: boolean): string {
  return dynamic ? 'dynamic' : 'configured'
}

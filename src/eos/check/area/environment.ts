import { z } from 'zod'
import { once } from '../../../model/once.ts'
import type { Reply } from '../../device/device.ts'
import { became, compareRecords } from '../finding/compare.ts'
import { type AreaReading, defineArea, inOrder, isUnsupported, modelIn } from './define-area.ts'

const COOLING = { cmd: 'show system environment cooling', revision: 1 }
const POWER = { cmd: 'show system environment power', revision: 1 }
const TEMPERATURE = { cmd: 'show system environment temperature', revision: 1 }

const slots = () =>
  z
    .array(
      z.object({
        label: z.string().optional(),
        status: z.string().optional(),
        fans: z.array(z.object({ label: z.string().optional(), status: z.string() })).default([]),
      }),
    )
    .default([])

// `show system environment cooling` (docs/eos.md 6.2).
const cooling = once(() => z.object({ systemStatus: z.string(), fanTraySlots: slots(), powerSupplySlots: slots() }))

// `show system environment power` (docs/eos.md 6.2).
const power = once(() => z.object({ powerSupplies: z.record(z.string(), z.object({ state: z.string() })) }))

const sensors = () =>
  z
    .array(z.object({ name: z.string(), hwStatus: z.string().optional(), inAlertState: z.boolean().default(false) }))
    .default([])

const sensedSlots = () => z.array(z.object({ tempSensors: sensors() })).default([])

// `show system environment temperature` (docs/eos.md 6.2).
const temperature = once(() =>
  z.object({
    systemStatus: z.string(),
    tempSensors: sensors(),
    powerSupplySlots: sensedSlots(),
    cardSlots: sensedSlots(),
  }),
)

const state = once(() => z.record(z.string(), z.string()))

type Words = readonly (readonly [string, string])[]

export const environmentArea = defineArea({
  name: 'environment',
  docs: 'The status words of cooling and temperature as a whole, and of every fan, power supply and sensor.',
  commands: [COOLING, POWER, TEMPERATURE],
  state,
  tell: ([coolingReply, powerReply, temperatureReply]) => {
    const told = [fansIn(coolingReply), suppliesIn(powerReply), sensorsIn(temperatureReply)]
    const failed = told.find((one) => !one.ok)
    if (failed !== undefined && !failed.ok) return failed
    return { ok: true, state: inOrder(told.flatMap((one) => (one.ok ? one.state : []))) }
  },
  describe: (before, after) =>
    compareRecords(before, after, {
      thing: (name) => ({ subject: name, label: name }),
      added: (is) => ` added: ${is}`,
      removed: (was) => ` removed: was ${was}`,
      changed: (part, was, is) => became(part, 'status', [was, is]),
    }),
})

function fansIn(reply: Reply | undefined): AreaReading<Words> {
  if (isUnsupported(reply)) return { ok: true, state: [] }
  const answer = modelIn(reply, COOLING, cooling)
  if (!answer.ok) return answer
  const { systemStatus, fanTraySlots, powerSupplySlots } = answer.state
  const fans = [...fanTraySlots, ...powerSupplySlots].flatMap((slot) => slot.fans.map((fan) => ({ slot, fan })))
  return {
    ok: true,
    state: [
      ['cooling', systemStatus],
      ...fans.map(({ slot, fan }) => [`fan ${fan.label ?? slot.label ?? ''}`, fan.status] as const),
    ],
  }
}

// VEOS and cEOS refuse with these words (docs/eos.md 6.2).
function suppliesIn(reply: Reply | undefined): AreaReading<Words> {
  const none = reply?.ok === false && /no power supplies connected/i.test(reply.error)
  if (none || isUnsupported(reply)) return { ok: true, state: [] }
  const answer = modelIn(reply, POWER, power)
  if (!answer.ok) return answer
  const supplies = Object.entries(answer.state.powerSupplies)
  return { ok: true, state: supplies.map(([slot, supply]) => [`power supply ${slot}`, supply.state] as const) }
}

function sensorsIn(reply: Reply | undefined): AreaReading<Words> {
  if (isUnsupported(reply)) return { ok: true, state: [] }
  const answer = modelIn(reply, TEMPERATURE, temperature)
  if (!answer.ok) return answer
  const { systemStatus, tempSensors, powerSupplySlots, cardSlots } = answer.state
  const all = [...tempSensors, ...[...powerSupplySlots, ...cardSlots].flatMap((slot) => slot.tempSensors)]
  return {
    ok: true,
    state: [
      ['temperature', systemStatus],
      ...all.map(({ name, hwStatus = '', inAlertState }) => {
        return [`sensor ${name}`, inAlertState ? `${hwStatus}, too hot` : hwStatus] as const
      }),
    ],
  }
}

import { z } from 'zod'
import type { Reply } from '../../device/device.ts'
import { recordOf, show } from '../answer/show.ts'
import { compareRecords, wordSayings } from '../finding/compare.ts'
import { answerOf, defineArea, inOrder, isUnsupported } from './define-area.ts'

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
const COOLING = show('show system environment cooling', () => ({
  systemStatus: z.string(),
  fanTraySlots: slots(),
  powerSupplySlots: slots(),
}))

// `show system environment power` (docs/eos.md 6.2).
const POWER = show('show system environment power', () => ({ powerSupplies: recordOf({ state: z.string() }) }))

const sensors = () =>
  z
    .array(z.object({ name: z.string(), hwStatus: z.string().optional(), inAlertState: z.boolean().default(false) }))
    .default([])

const sensedSlots = () => z.array(z.object({ tempSensors: sensors() })).default([])

// `show system environment temperature` (docs/eos.md 6.2).
const TEMPERATURE = show('show system environment temperature', () => ({
  systemStatus: z.string(),
  tempSensors: sensors(),
  powerSupplySlots: sensedSlots(),
  cardSlots: sensedSlots(),
}))

const state = () => recordOf(z.string())

type Words = readonly (readonly [string, string])[]

export const environmentArea = defineArea({
  name: 'environment',
  docs: 'The status words of cooling and temperature as a whole, and of every fan, power supply and sensor.',
  asks: [COOLING, POWER, TEMPERATURE],
  state,
  tell: ([cooling, power, temperature]) =>
    inOrder([...fansIn(cooling), ...suppliesIn(power), ...sensorsIn(temperature)]),
  describe: (before, after) =>
    compareRecords(
      before,
      after,
      wordSayings((name) => ({ subject: name, label: name }), 'status'),
    ),
})

function fansIn(reply: Reply | undefined): Words {
  if (isUnsupported(reply)) return []
  const { systemStatus, fanTraySlots, powerSupplySlots } = answerOf(reply, COOLING)
  const fans = [...fanTraySlots, ...powerSupplySlots].flatMap((slot) => slot.fans.map((fan) => ({ slot, fan })))
  return [
    ['cooling', systemStatus],
    ...fans.map(({ slot, fan }) => [`fan ${fan.label ?? slot.label ?? ''}`, fan.status] as const),
  ]
}

// VEOS and cEOS refuse with these words (docs/eos.md 6.2).
function suppliesIn(reply: Reply | undefined): Words {
  const none = reply?.ok === false && /no power supplies connected/i.test(reply.error)
  if (none || isUnsupported(reply)) return []
  return Object.entries(answerOf(reply, POWER).powerSupplies).map(
    ([slot, supply]) => [`power supply ${slot}`, supply.state] as const,
  )
}

function sensorsIn(reply: Reply | undefined): Words {
  if (isUnsupported(reply)) return []
  const { systemStatus, tempSensors, powerSupplySlots, cardSlots } = answerOf(reply, TEMPERATURE)
  const all = [...tempSensors, ...[...powerSupplySlots, ...cardSlots].flatMap((slot) => slot.tempSensors)]
  return [
    ['temperature', systemStatus],
    ...all.map(
      ({ name, hwStatus = '', inAlertState }) =>
        [`sensor ${name}`, inAlertState ? `${hwStatus}, too hot` : hwStatus] as const,
    ),
  ]
}

import { z } from 'zod'
import { ownMember } from '../../../model/json.ts'
import { recordOf, show } from '../answer/show.ts'
import { became, compareRecords, namesIn, type Thing } from '../finding/compare.ts'
import { answerOf, defineArea, eachOf, isUnsupported, unlessEmpty } from './define-area.ts'

const light = () => z.object({ channels: recordOf(z.number().nullable()).default({}) }).optional()

// `show interfaces transceiver dom thresholds`: dBm by lane of ports that have optics (ANTA documentation).
const COMMAND = show('show interfaces transceiver dom thresholds', () => ({
  interfaces: recordOf({ parameters: z.object({ rxPower: light(), txPower: light() }).default({}) }),
}))

const lanes = () => recordOf(z.int())

const state = () => recordOf(z.strictObject({ rx: lanes(), tx: lanes() }))

export const opticsArea = defineArea({
  name: 'optics',
  docs: 'The light that every lane of a transceiver receives (rx) and sends (tx), in dBm. Copper has none.',
  asks: [COMMAND],
  state,
  tolerances: { rx: { by: 1 }, tx: { by: 1 } },
  tell: ([reply]) => {
    if (isUnsupported(reply)) return {}
    return eachOf(answerOf(reply, COMMAND).interfaces, ({ parameters }) => {
      const [rx, tx] = [lanesOf(parameters.rxPower?.channels), lanesOf(parameters.txPower?.channels)]
      return unlessEmpty({ ...rx, ...tx }) && { rx, tx }
    })
  },
  describe: (before, after) =>
    compareRecords(before, after, {
      thing: (port) => ({ subject: port, label: `optics of ${port}` }),
      added: () => ' added',
      removed: () => ' removed',
      changed: (port, was, is) => [
        ...laneChanges(port, 'rx', was.rx, is.rx),
        ...laneChanges(port, 'tx', was.tx, is.tx),
      ],
    }),
})

function lanesOf(channels: Readonly<Record<string, number | null>> = {}) {
  return eachOf(channels, (dbm) => (dbm === null ? undefined : Math.round(dbm * 100)))
}

function laneChanges(
  port: Thing,
  way: 'rx' | 'tx',
  was: Readonly<Record<string, number>>,
  is: Readonly<Record<string, number>>,
) {
  return namesIn(was, is).flatMap((lane) => {
    const values = [lightOf(was, lane), lightOf(is, lane)] as const
    return became(port, way, values, { suffix: `, ${way} lane ${lane}`, shown: lightWords })
  })
}

function lightOf(lanes: Readonly<Record<string, number>>, lane: string) {
  const light = ownMember(lanes, lane)
  return light === undefined ? 'dark' : light / 100
}

function lightWords(light: number | 'dark') {
  return light === 'dark' ? light : `${light} dBm`
}

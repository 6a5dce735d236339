import { z } from 'zod'
import { printed } from '../../answer/printed.ts'
import { printedDecimals } from '../../answer/printed-number.ts'
import { interfacesDescriptionAnswer, SHOW_INTERFACES_DESCRIPTION } from '../../answer/show-interfaces-description.ts'
import { SHOW_TRANSCEIVER_DOM, transceiverDomAnswer } from '../../answer/show-interfaces-transceiver-dom.ts'
import { MissingMember, needed } from '../../answer/told.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { areNamed, ethernetSelection, judgeFound } from '../../input/interface-selection.ts'
import { count } from '../../input/numbers.ts'

/** What EOS tells, to the digit, of a channel that no light is measured on: it is no measurement. */
const NOT_MEASURED = -30

/** Optics receive enough light. */
export const verifyInterfacesOpticsReceivePower = defineVerify({
  name: 'VerifyInterfacesOpticsReceivePower',
  summary: 'Verifies that optics receive light well above their low alarm.',
  docs: 'Passes when every channel of the interfaces looked at receives at least the low-alarm threshold plus the margin. An optic without digital optical monitoring (DOM) or without thresholds is left out, and fails when its interface was named.',
  example: {
    interfaces: ['Ethernet1/1', 'Ethernet2/1'],
    ignored_interfaces: ['Ethernet3/1'],
    failure_margin: 2,
    ignore_shutdown_interfaces: true,
  },
  input: () =>
    z.strictObject({
      ...ethernetSelection(),
      failure_margin: count().default(2).describe('The margin above the low alarm in dB.'),
      ignore_shutdown_interfaces: z.boolean().default(false).describe('Whether interfaces that are shut are left out.'),
    }),
  commands: () => [SHOW_TRANSCEIVER_DOM, SHOW_INTERFACES_DESCRIPTION],
  answers: () => [transceiverDomAnswer(), interfacesDescriptionAnswer()],
  judge: (input, [{ interfaces }, { interfaceDescriptions }]) =>
    judgeFound(
      input,
      interfaces,
      (name, { mediaType, parameters }) => {
        const described = interfaceDescriptions.get(name)
        if (input.ignore_shutdown_interfaces && described?.interfaceStatus === 'adminDown') return []
        const missing = (what: string) => (areNamed(input) ? [`Interface: ${name} - ${what}`] : [])
        const power = parameters?.rxPower
        if (power === undefined) return missing('Receive power details are not found (DOM not supported)')
        const lowAlarm = power.threshold?.lowAlarm
        if (lowAlarm === undefined) return missing('Threshold data is not available')
        const lowest = lowAlarm + input.failure_margin
        const low = [...needed(power, 'channels')].filter(([, actual]) => actual < lowest && actual !== NOT_MEASURED)
        if (low.length === 0) return []
        if (described === undefined) throw new MissingMember(interfaceDescriptions, name)
        const status = needed(described, 'interfaceStatus')
        return low.map(
          ([channel, actual]) =>
            `Interface: ${name} Status: ${status} Channel: ${channel} Optic: ${printed(mediaType)} - Low receive power detected - Expected: >= ${printedDecimals(lowest, 2)}dBm (Alarm: ${printedDecimals(lowAlarm, 2)}dBm + Margin: ${input.failure_margin}dBm) Actual: ${printedDecimals(actual, 2)}dBm`,
        )
      },
      'Optic not found',
    ),
})

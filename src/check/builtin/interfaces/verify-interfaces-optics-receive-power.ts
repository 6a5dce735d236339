import { z } from 'zod'
import { interfacesDescriptionAnswer, SHOW_INTERFACES_DESCRIPTION } from '../../answer/show-interfaces-description.ts'
import { SHOW_TRANSCEIVER_DOM, transceiverDomAnswer } from '../../answer/show-interfaces-transceiver-dom.ts'
import { defineVerify } from '../../define-verify.ts'
import { count } from '../../input/numbers.ts'
import { areNamed, ethernetSelection, judgeInterfaces } from '../../interface-selection.ts'
import { printedDecimals } from '../../printed-number.ts'

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
    judgeInterfaces(input, interfaces, (name, { mediaType = 'Not found', parameters }) => {
      const status = interfaceDescriptions.get(name)?.interfaceStatus ?? 'Not found'
      if (input.ignore_shutdown_interfaces && status === 'adminDown') return []
      const { channels, threshold } = parameters?.rxPower ?? {}
      const missing = (what: string) => (areNamed(input) ? [`Interface: ${name} - ${what}`] : [])
      if (channels === undefined) return missing('Receive power details are not found (DOM not supported)')
      if (threshold?.lowAlarm === undefined) return missing('Threshold data is not available')
      const { lowAlarm } = threshold
      const lowest = lowAlarm + input.failure_margin
      return [...channels].flatMap(([channel, power]) =>
        power >= lowest || power === NOT_MEASURED
          ? []
          : [
              `Interface: ${name} Status: ${status} Channel: ${channel} Optic: ${mediaType} - Low receive power detected - Expected: >= ${printedDecimals(lowest, 2)}dBm (Alarm: ${printedDecimals(lowAlarm, 2)}dBm + Margin: ${input.failure_margin}dBm) Actual: ${printedDecimals(power, 2)}dBm`,
            ],
      )
    }),
})

import { z } from 'zod'
import { printedDecimals, printedFloat } from '../../answer/printed-number.ts'
import { SHOW_TRANSCEIVER_DOM, transceiverDomAnswer } from '../../answer/show-interfaces-transceiver-dom.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { areNamed, ethernetSelection, judgeFound } from '../../input/interface-selection.ts'
import { decimal } from '../../input/numbers.ts'

/** Optics are not too hot. */
export const verifyInterfacesOpticsTemperature = defineVerify({
  name: 'VerifyInterfacesOpticsTemperature',
  summary: 'Verifies the temperature of optics.',
  docs: 'Passes when no optic of the interfaces looked at is hotter than the threshold. An optic without digital optical monitoring (DOM) is left out, and fails when its interface was named.',
  example: {
    interfaces: ['Ethernet1/1', 'Ethernet2/1'],
    ignored_interfaces: ['Ethernet3/1'],
    max_transceiver_temperature: 68,
  },
  input: () =>
    z.strictObject({
      ...ethernetSelection(),
      max_transceiver_temperature: decimal().default(68).describe('The highest temperature in degrees Celsius.'),
    }),
  commands: () => [SHOW_TRANSCEIVER_DOM],
  answers: () => [transceiverDomAnswer()],
  judge: (input, [{ interfaces }]) =>
    judgeFound(
      input,
      new Map([...interfaces].filter(([, optic]) => Object.keys(optic).length > 0)),
      (name, { parameters }) => {
        const temperature = parameters?.temperature
        if (temperature === undefined) {
          return areNamed(input) ? [`Interface: ${name} - Temperature details are not found (DOM not supported)`] : []
        }
        const actual = temperature.channels?.get('-')
        if (actual === undefined) return undefined
        const highest = input.max_transceiver_temperature
        return actual <= highest
          ? []
          : [
              `Interface: ${name} - High transceiver temperature detected - Expected: <= ${printedFloat(highest)}°C Actual: ${printedDecimals(actual, 2)}°C`,
            ]
      },
      'Optic not found',
    ),
})

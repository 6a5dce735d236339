import { shortName } from '../../converge/interface-name.ts'
import { hasCages, transceiverType } from '../../converge/platform.ts'
import { defineShow, type ShowContext } from '../format/define.ts'
import { columns } from '../format/text-format.ts'

/** `show interfaces transceiver`: no port has a module with light. */
export const showTransceivers = defineShow({
  words: 'show interfaces transceiver',
  docs: 'Light by port, of which there is none; asked by NAPALM, text as ntc has it.',
  json: () => ({ interfaces: {} }),
  text: (context) =>
    [...LIGHT_HEAD, ...ports(context).map((name) => columns([shortName(name), ...NO_LIGHT], LIGHT_WIDTHS))]
      .map((line) => `${line}\n`)
      .join(''),
})

/** `show interfaces transceiver hardware`: which module is in which cage. */
export const showTransceiverHardware = defineShow({
  words: 'show interfaces transceiver hardware',
  docs: 'Modules by port; text as ntc has it.',
  text: (context) =>
    ports(context)
      .map((name) => hardwareText(name, context))
      .join('\n'),
})

/** `show interfaces transceiver dom thresholds`: every cable here is copper, which has no light to measure. */
export const showTransceiverDom = defineShow({
  words: 'show interfaces transceiver dom thresholds',
  docs: 'Light and its limits by lane, of which there are none; ANTA recordings (revision 1).',
  json: (context) => ({
    interfaces: Object.fromEntries(ports(context).map((name) => [name, { displayName: name }])),
  }),
})

const LIGHT_HEAD = [
  'If device is externally calibrated, only calibrated values are printed.',
  'N/A: not applicable, Tx: transmit, Rx: receive.',
  'mA: milliamperes, dBm: decibels (milliwatts).',
  '                               Bias      Optical   Optical',
  '          Temp       Voltage   Current   Tx Power  Rx Power',
  'Port      (Celsius)  (Volts)   (mA)      (dBm)     (dBm)     Last Update',
  '-----     ---------  --------  --------  --------  --------  -------------------',
]
const NO_LIGHT = Array.from({ length: 6 }, () => 'N/A')
const LIGHT_WIDTHS = [10, 10, 9, 9, 9, 8]

/** The ports of a model with cages; those of a virtual switch take no module. */
function ports({ facts, state }: ShowContext): readonly string[] {
  if (!hasCages(facts.model)) return []
  return [...state.interfaces.values()].flatMap(({ kind, name }) =>
    kind === 'ethernet' && !name.includes('.') ? [name] : [],
  )
}

/** A cage without a cable has no module in it. */
function hardwareText(name: string, { facts, state }: ShowContext): string {
  const there = state.interfaces.get(name)?.lineProtocol !== 'notPresent'
  const module = there ? `Media type: ${transceiverType(facts.model, name)}` : 'Module presence: not detected'
  return [`Name: ${shortName(name)}`, module, 'Maximum slot power (W): N/A'].map((line) => `${line}\n`).join('')
}

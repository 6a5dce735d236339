import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { mismatch } from '../../finding/mismatch.ts'
import { slotsWithSensors, type TemperatureSensor, temperatureSensor } from './temperature-sensor.ts'

/** No transceiver is faulty or has been too hot. */
export const verifyTransceiversTemperature = defineVerify({
  name: 'VerifyTransceiversTemperature',
  summary: 'Verifies that all transceivers operate at an acceptable temperature.',
  docs: 'Passes when the hardware of each sensor is ok and it has raised no alert.',
  commands: () => [{ cmd: 'show system environment temperature transceiver', revision: 1 }],
  // Those in a line card are listed under its slot, where ANTA does not look.
  answers: () => [z.object({ tempSensors: z.array(temperatureSensor()), cardSlots: slotsWithSensors().default([]) })],
  judge: (_input, [{ tempSensors, cardSlots }]) =>
    passUnless([...tempSensors, ...cardSlots.flatMap((slot) => slot.tempSensors)].flatMap(faultsOf)),
})

function faultsOf({ name, hwStatus, alertCount }: TemperatureSensor): readonly string[] {
  return [
    ...mismatch(`Sensor: ${name} - Invalid hardware state`, 'ok', hwStatus),
    ...mismatch(`Sensor: ${name} - Incorrect alert counter`, 0, alertCount),
  ]
}

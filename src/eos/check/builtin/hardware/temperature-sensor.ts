import { z } from 'zod'
import { once } from '../../../../model/once.ts'
import { told } from '../../answer/told.ts'

/** One temperature sensor as EOS shows it; temperatures in °C. */
export const temperatureSensor = once(() =>
  told({
    name: z.string(),
    description: z.string(),
    hwStatus: z.string(),
    alertCount: z.number(),
    currentTemperature: z.number(),
    overheatThreshold: z.number(),
  }),
)

/** The sensors of each slot that has some: a power supply, a card. */
export const slotsWithSensors = once(() => z.array(told({ tempSensors: z.array(temperatureSensor()) })))

/** One temperature sensor. */
export type TemperatureSensor = z.output<ReturnType<typeof temperatureSensor>>

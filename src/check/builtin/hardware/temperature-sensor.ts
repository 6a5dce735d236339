import { z } from 'zod'
import { once } from '../../once.ts'

/** One temperature sensor as EOS shows it; temperatures in °C. */
export const temperatureSensor = once(() =>
  z.object({
    name: z.string().default('unknown'),
    description: z.string().default('unknown'),
    hwStatus: z.string().optional(),
    alertCount: z.number().optional(),
    currentTemperature: z.number().optional(),
    overheatThreshold: z.number().optional(),
  }),
)

/** The sensors of each slot that has some: a power supply, a card. */
export const slotsWithSensors = once(() =>
  z.array(z.object({ tempSensors: z.array(temperatureSensor()).default([]) })).default([]),
)

/** One temperature sensor. */
export type TemperatureSensor = z.output<ReturnType<typeof temperatureSensor>>

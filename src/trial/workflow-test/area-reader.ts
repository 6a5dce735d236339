import { stateAreas } from '../../check/area/index.ts'
import { EosflowError } from '../../model/error.ts'
import type { Json } from '../../model/json.ts'
import type { Lab } from './lab.ts'

/** Reads state areas of a switch as it is now; a switch that does not answer has `{ unreadable: why }` as its state. */
export function areaReader(lab: Lab, device: string): (area: string) => Promise<Json> {
  return async (name) => {
    const area = stateAreas.find((one) => one.name === name)
    if (area === undefined) throw new RangeError(`no state area ${name}`)
    try {
      return area.read(await lab.ask(device, area.commands))
    } catch (error) {
      if (error instanceof EosflowError) return { unreadable: error.message }
      throw error
    }
  }
}

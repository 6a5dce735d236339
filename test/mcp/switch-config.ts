import { renderConfig } from '../../src/config/render.ts'
import type { Lab } from '../lab/lab.ts'

/** The running-config of a switch of a lab. */
export function runningConfigOf({ switch: device }: Lab['fabric']['devices'][number]) {
  return renderConfig(device.running)
}

import { EosflowError } from '../../../model/error.ts'
import type { TaskContext } from './context.ts'

/** Throws `bug` elsewhere: the compiler places such tasks inside a Map over switches. */
export function oneDevice(context: Pick<TaskContext, 'devices'>): string {
  const [name, ...others] = context.devices
  if (name === undefined || others.length > 0) {
    throw new EosflowError('bug', `this task acts on one switch, not on ${context.devices.length}`)
  }
  return name
}

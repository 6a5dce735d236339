import { prepareClusters } from './cluster.ts'

/** Calls initdb once for all files of a run. Gives what takes away what it made. */
export async function setup(): Promise<() => void> {
  return prepareClusters()
}

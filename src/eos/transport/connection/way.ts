import type { Duplex } from 'node:stream'

/** How bytes reach a host that is not connected to directly. */
export interface Way {
  /** Throws EosflowError: then nothing has reached that host. */
  open(to: { readonly host: string; readonly port: number }): Promise<Duplex>
}

export type WayTo = (device: string) => Way | undefined

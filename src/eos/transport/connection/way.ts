import type { Duplex } from 'node:stream'

/** How bytes reach a host that is not connected to directly. */
export interface Way {
  /** A new connection to a host and a port, as the last jump host knows them. Throws EosflowError: then nothing has reached that host. */
  open(to: { readonly host: string; readonly port: number }): Promise<Duplex>
}

/** The way to a switch, by its name; undefined for one that is connected to directly. */
export type WayTo = (device: string) => Way | undefined

import type { Look } from '../../../eos/device/device.ts'

export interface OtherSide {
  readonly device: string
  readonly partners: readonly string[]
  /** Its uplinks must carry less than this of what both carry, in percent. */
  readonly uplinks: number
}

export type PairPoint = 'arm' | 'confirm'

export interface BeforePush {
  /** Throws `busy` or `stale`. */
  takeShares(timerSeconds: number): Promise<void>
  /** Begins to ask the pairs that are probed, so that they were asked before the first timed commit. */
  beginProbes(): void
  /** Requires, once, that the tickets of the change allow it now. Throws `guard` where one does not, or what keeps one from being asked. */
  requireTickets(): Promise<void>
  /** Does, once, what is to be there at other services before the first push. */
  beginAround(): Promise<void>
  /** Requires, once for a wave, that what backs its switches up is fit to carry their traffic. Throws `guard`. */
  requireOtherSides(): Promise<void>
  /** Requires, once for a wave and again for the rest of one that takes long, that CloudVision carries out no change control on what is still to be pushed. Throws `busy` or `protocol`. */
  requireNoChangeControl(): Promise<void>
  /**
   * Requires that no other execution holds what backs the switch up, now that its own lease is taken: of two that have looked at the same moment at least
   * one sees the other. Throws `guard`.
   */
  requireFreeSide(): Promise<void>
  /** Throws `cancelled` where the execution stops first. */
  meetPartner(point: PairPoint): Promise<boolean>
}

export interface OtherSidePort {
  /** What a switch answers to the commands of the areas `mlag`, `bgp` and `traffic`, as the user who reads. */
  look(device: string): Promise<Look>
  heldBy(device: string): Promise<string | undefined>
}

import type { Look } from '../../../eos/device/device.ts'

/** What backs a switch up while it is changed, by the plan. */
export interface OtherSide {
  readonly device: string
  readonly partners: readonly string[]
  /** Its uplinks must carry less than this of what both carry, in percent. */
  readonly uplinks: number
}

/** Where the two of a pair wait for each other: before the timed commit, and before the confirm. */
export type PairPoint = 'arm' | 'confirm'

/** What is waited for, or required, before a switch is pushed or confirmed. */
export interface BeforePush {
  /** Takes the shares of budgets for the switch, and for all that is under change together with it. Waits while one is full. Throws `busy` or `stale`. */
  takeShares(timerSeconds: number): Promise<void>
  /** Begins to ask the pairs that are probed, so that they were asked before the first timed commit. Waits for nothing. */
  beginProbes(): void
  /** Requires, once, that the tickets of the change allow it now. Throws `guard` where one does not, or what keeps one from being asked. */
  requireTickets(): Promise<void>
  /** Does, once, what is to be there at other services before the first push. Whatever goes wrong there is on record and stops nothing. */
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
  /**
   * Waits for the switch that is changed together with this one: false where there is none. The two go on in the same turn. Throws `cancelled` where the
   * execution stops first.
   */
  meetPartner(point: PairPoint): Promise<boolean>
}

/** What is asked about the other sides of switches. */
export interface OtherSidePort {
  /** What a switch answers to the commands of the areas `mlag`, `bgp` and `traffic`, as the user who reads. */
  look(device: string): Promise<Look>
  /** Another execution that holds it. */
  heldBy(device: string): Promise<string | undefined>
}

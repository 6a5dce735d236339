import type { Look, Reply } from '../../../eos/device/device.ts'
import type { Command } from '../../../model/command.ts'
import type { Json } from '../../../model/json.ts'

/** What a switch has shown, when it was asked on the clock that never jumps, and its state areas before the change. */
export interface SeenSwitch {
  readonly device: string
  readonly at: number
  readonly look: Look
  readonly commands: readonly Command[]
  readonly baseline: Readonly<Record<string, Json>>
}

/** Which sessions and ports are up, and were: all of these call them alike. */
export interface StandingPort {
  /** Since when everything that is up has been up, as far as the answers to all checks tell it. */
  upSince(replies: readonly Reply[]): Readonly<Record<string, number>>
  /** What was up both times and not all the time between them, a line each. */
  flapped(before: Readonly<Record<string, number>>, now: Readonly<Record<string, number>>): readonly string[]
  /** Whether each that the answers tell of is up, and since when, in seconds by the clock of the switch. */
  standings(
    commands: readonly Command[],
    replies: readonly Reply[],
  ): Readonly<Record<string, { readonly isUp: boolean; readonly since?: number | undefined }>>
  /** Those that were up by these state areas. */
  upBefore(areas: Readonly<Record<string, Json>>): readonly string[]
}

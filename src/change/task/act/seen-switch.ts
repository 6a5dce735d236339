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

export interface StandingPort {
  upSince(replies: readonly Reply[]): Readonly<Record<string, number>>
  flapped(before: Readonly<Record<string, number>>, now: Readonly<Record<string, number>>): readonly string[]
  /** Whether each that the answers tell of is up, and since when, in seconds by the clock of the switch. */
  standings(
    commands: readonly Command[],
    replies: readonly Reply[],
  ): Readonly<Record<string, { readonly isUp: boolean; readonly since?: number | undefined }>>
  upBefore(areas: Readonly<Record<string, Json>>): readonly string[]
}

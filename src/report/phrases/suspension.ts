import { hanging } from '../text/text.ts'

/** Who has an execution rest, when (ISO 8601 in UTC) and why. */
export interface Suspension {
  readonly actor: string
  readonly at: string
  readonly reason: string
}

/** It as `--json` prints it. */
export function suspensionJson(suspension: Suspension | undefined): object | undefined {
  return suspension && { by: suspension.actor, at: suspension.at, reason: suspension.reason }
}

export function suspensionText({ actor, at, reason }: Suspension): string {
  return hanging(`suspended by ${actor} at ${at}${reason === '' ? '' : `: ${reason}`}`)
}

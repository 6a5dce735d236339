import { hanging } from '../text/visible.ts'

/** Who has an execution rest, when (ISO 8601 in UTC) and why. */
export interface Suspension {
  readonly actor: string
  readonly at: string
  readonly reason: string
}

/** The member of an execution as `--json` prints it; none where it is not suspended. */
export function suspensionJson(suspension: Suspension | undefined): {
  suspended?: { by: string; at: string; reason: string }
} {
  if (suspension === undefined) return {}
  const { actor, at, reason } = suspension
  return { suspended: { by: actor, at, reason } }
}

export function suspensionText({ actor, at, reason }: Suspension): string {
  return hanging(`suspended by ${actor} at ${at}${reason === '' ? '' : `: ${reason}`}`)
}

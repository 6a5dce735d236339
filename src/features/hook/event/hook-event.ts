import { definedMembers } from '../../../model/defined-members.ts'
import type { Json, JsonObject } from '../../../model/json.ts'

export interface HookEvent {
  /** Its name among the events of its sender: 1 to 150 printable characters without blanks. */
  readonly id: string
  /** The context attributes of a CloudEvent (CloudEvents 1.0.2, section "Context attributes"); of GitHub and GitLab the kind of the event. */
  readonly type?: string
  readonly source?: string
  readonly subject?: string
  readonly time?: string
  readonly data: Json
}

export function documentOf({ id, type, source, subject, time, data }: HookEvent): JsonObject {
  return {
    id,
    ...definedMembers({ type, source, subject, time }),
    data,
  }
}

/** A member of the data by the names that lead to it, or of the event itself behind `$event.`; undefined where there is none. */
export function memberOf(event: HookEvent, path: string): Json | undefined {
  const steps = path.split('.')
  const [first] = steps
  let found: Json | undefined = first === '$event' ? documentOf(event) : event.data
  for (const step of first === '$event' ? steps.slice(1) : steps) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, step)) return undefined
    if (Array.isArray(found) && !/^\d+$/.test(step)) return undefined
    found = (found as JsonObject)[step]
  }
  return found
}

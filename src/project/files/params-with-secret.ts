import type { GivenParams } from '../../change/workflow/param/read.ts'
import type { Host } from '../system/process/host.ts'

/** The parameters that hold a secret of this process: what is given so goes on record, and approvers see it. */
export function paramsWithSecret({ scrubber }: Pick<Host, 'scrubber'>, given: GivenParams): readonly string[] {
  return Object.entries(given).flatMap(([name, value]) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value.value)
    return scrubber.scrub(text) === text ? [] : [name]
  })
}

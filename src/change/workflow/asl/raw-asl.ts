import { accept, refuse } from '../../../text/source/checked.ts'
import type { Dialect, MachineType } from './dialect.ts'
import { refusalOf, resourceOf } from './resource.ts'

/** How large an input, output or result of a state may be in Step Functions, bytes (docs.aws.amazon.com, "Service quotas"). */
export const PAYLOAD_BYTES = 262_144

export function rawAsl(type: MachineType): Dialect {
  return {
    type,
    languages: ['JSONPath', 'JSONata'],
    extensions: false,
    payloadBytes: PAYLOAD_BYTES,
    resource(resource, at) {
      const message = refusalOf(resource, type)
      if (message !== undefined) return refuse({ code: 'schema-validation-failed', message, at })
      const token = resourceOf(resource)?.pattern !== 'request'
      return accept({ task: resource, scope: 'task.exec', effect: 'read', undo: { by: 'none' }, token })
    },
  }
}

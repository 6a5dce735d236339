import type { Path } from '../../../text/source/located.ts'

export type FaultCode =
  | 'schema-validation-failed'
  | 'missing-transition-target'
  | 'missing-end-state'
  | 'duplicate-state-name'
  | 'invalid-state-name'
  | 'invalid-label-name'
  | 'duplicate-label-name'
  | 'invalid-jsonata-expression'
  | 'unsupported-jsonata-expression'

export interface DefinitionFault {
  readonly code: FaultCode
  readonly message: string
  readonly path: Path
  readonly hint?: string
}

/** A way into a definition as AWS writes it: `/States/Route/Choices[0]/Next`, and `/` for the whole of it. */
export function pointerOf(path: Path): string {
  if (path.length === 0) return '/'
  return path.map((step) => (typeof step === 'number' ? `[${step}]` : `/${step}`)).join('')
}

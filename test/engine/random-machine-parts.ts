import type { Json } from '../../src/model/json.ts'
import type { Flow, Source } from '../../src/workflow/machine.ts'

/** A flow of JSONata. */
export type JsonataFlow = Extract<Flow, { language: 'jsonata' }>

/** Where every state of a random machine is said to stand. */
export const at = { file: 'random.yaml', line: 1, column: 1 } as const

/** A flow of JSONata with these members. */
export function jsonata(members: Omit<JsonataFlow, 'language'> = {}): JsonataFlow {
  return { language: 'jsonata', ...members }
}

/** A value as it is. */
export function literal(value: Json): Extract<Source, { from: 'literal' }> {
  return { from: 'literal', value }
}

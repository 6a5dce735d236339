import { type ExpressionScope, QueryFault } from '../../../../src/change/workflow/query/language/language.ts'
import type { Json, JsonObject } from '../../../../src/model/json.ts'

/** What a state sees in these tests: the input and whatever else a test wants to be different. */
export function sightOf(input: Json, more: Partial<ExpressionScope> = {}): ExpressionScope {
  const context: JsonObject = { Execution: { Input: { started: 'with' } }, Map: { Item: { Index: 3, Value: 'item' } } }
  return {
    input,
    context,
    variables: { x: 42, list: [1, 2], nested: { a: 'b' } },
    now: Date.parse('2026-11-20T06:47:51Z'),
    random: { hex: (count) => 'f'.repeat(count * 2), fraction: () => 0.5 },
    ...more,
  }
}

/** The error and cause that something fails with. */
export async function faultOf(work: Promise<unknown>): Promise<readonly [string, string]> {
  try {
    await work
  } catch (error) {
    if (error instanceof QueryFault) return [error.error, error.message]
    throw error
  }
  throw new Error('nothing failed')
}

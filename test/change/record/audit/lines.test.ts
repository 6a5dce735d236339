import { expect, test } from 'vitest'
import { readChainsLine } from '../../../../src/change/record/audit/jsonl-chains.ts'

test.each([
  ['a seal', '{"segment":"s","heads":[]}', 'seal'],
  ['a checkpoint', '{"checkpoint":"c","heads":[]}', 'checkpoint'],
  ['a seal that says it is a checkpoint', '{"checkpoint":null,"segment":"s","heads":[]}', undefined],
  ['a checkpoint that says it is a text', '{"text":1,"checkpoint":"c","heads":[]}', undefined],
  ['a text that says it is a header', '{"kind":"eosflow.audit","v":1,"text":"t","bytes":""}', undefined],
])('a line is what its first telling member says: %s', (_, line, is) => {
  expect(readChainsLine(line, () => new Uint8Array(32))?.is).toBe(is)
})

import { expect, test } from 'vitest'
import { readBody } from '../../../src/doors/http/openapi.ts'
import { RequestRefusal } from '../../../src/doors/http/request/readable.ts'

const JSON_TYPE = 'application/json; charset=utf-8'
const FORM = 'application/x-www-form-urlencoded'

test.each([
  ['two decisions', JSON_TYPE, '{"decision":"reject","decision":"approve"}'],
  ['a plan twice', JSON_TYPE, '{"plan":"one","params":{},"plan":"two"}'],
  ['a parameter twice', JSON_TYPE, '{"params":{"vlan":1,"vlan":2}}'],
  ['another way to write it', JSON_TYPE, '{"plan":1,"pl\\u0061n":2}'],
  ['two fields of a form', FORM, 'decision=reject&decision=approve'],
  ['two parameters of a form', FORM, 'params.vlan=1&params.vlan=2'],
])('[G142] [3A10] a body with a member or a field twice is refused: %s', (_, type, text) => {
  const refusal = thrownBy(() => readBody(type, text))
  expect(refusal).toBeInstanceOf(RequestRefusal)
  expect((refusal as RequestRefusal).fault).toMatchObject({ kind: 'input', message: expect.stringContaining('twice') })
})

test.each([
  ['of a body', JSON_TYPE, '{"workflow":"a","__proto__":{"vlan":5}}'],
  ['of its parameters', JSON_TYPE, '{"params":{"__proto__":{"vlan":5}}}'],
  ['of a list, written otherwise', JSON_TYPE, '{"params":{"a":[{"\\u005f_proto__":1}]}}'],
  ['of a form', FORM, 'params.__proto__=1'],
])('a member that would be dropped without a word is refused: %s', (_, type, text) => {
  const refusal = thrownBy(() => readBody(type, text))
  expect(refusal).toBeInstanceOf(RequestRefusal)
  expect((refusal as RequestRefusal).fault).toMatchObject({
    kind: 'input',
    message: expect.stringContaining('__proto__'),
  })
})

test('any other body is read as it is', () => {
  expect(readBody(JSON_TYPE, '{"a":{"a":1},"b":[{"a":2}]}').value).toEqual({ a: { a: 1 }, b: [{ a: 2 }] })
  expect(readBody(FORM, 'a=1&params.a=2').value).toEqual({ a: '1', params: { a: '2' } })
})

function thrownBy(work: () => unknown) {
  try {
    return work()
  } catch (error) {
    return error
  }
}

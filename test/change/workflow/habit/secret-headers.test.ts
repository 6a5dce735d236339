import { expect, test } from 'vitest'
import { secretHeaders } from '../../../../src/change/workflow/habit/habits.ts'
import { machineOf } from '../states-file.ts'

const told = (headers: Readonly<Record<string, string>>, where: 'own' | 'undo' = 'own') => {
  const call = { method: 'POST', url: 'https://tickets.example/', headers }
  const state =
    where === 'own'
      ? { Arguments: call, Undo: 'none' }
      : { Arguments: { method: 'POST' }, Undo: { Resource: 'eosflow:http', Arguments: call } }
  return secretHeaders(machineOf({ OpenTicket: { Type: 'Task', Resource: 'eosflow:http', End: true, ...state } })).map(
    ({ code, message }) => `${code}: ${message}`,
  )
}

const REFERENCE = ['Bearer $', '{env:TOKEN}'].join('')

test('a credential in clear is named, in an undo too, and never repeated', () => {
  const message = (header: string) =>
    `secret-in-clear: \`OpenTicket\` sends the header \`${header}\` with a secret in clear`
  expect(told({ Authorization: 'Bearer abc' })).toEqual([message('Authorization')])
  expect(told({ 'X-Api-Key': 'abc', accept: 'text/plain' })).toEqual([message('X-Api-Key')])
  expect(told({ 'private-token': 'abc' }, 'undo')).toEqual([message('private-token')])
})

test('references, expressions and other headers are fine', () => {
  expect(told({ Authorization: REFERENCE, 'x-request-id': 'abc', cookie: '{% $states.input.cookie %}' })).toEqual([])
})
